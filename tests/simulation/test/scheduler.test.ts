import { Dice } from '../src/world/dice.ts';
import { EPOCH_MS, Scheduler } from '../src/world/scheduler.ts';

const schedulerOf = (seed: number): Scheduler => new Scheduler(new Dice(seed, 'ties'));

/** Lets everything happen that was planned. */
const all = async (scheduler: Scheduler, untilMs = 1_000): Promise<void> =>
  void (await scheduler.run(scheduler.sleep(untilMs)));

const orderOf = async (seed: number, delays: readonly number[]): Promise<readonly number[]> => {
  const scheduler = schedulerOf(seed);
  const happened: number[] = [];
  for (const [n, ms] of delays.entries()) scheduler.after(ms, () => happened.push(n));
  await all(scheduler);
  return happened;
};

it('events come in the order of their time, whenever they were planned', async () => {
  expect(await orderOf(1, [30, 10, 20, 0.001])).toEqual([3, 1, 2, 0]);
});

it('the seed alone decides the order of what happens at one moment', async () => {
  const same = Array.from({ length: 20 }, () => 5);
  expect(await orderOf(1, same)).toEqual(await orderOf(1, same));
  expect(await orderOf(1, same)).not.toEqual(await orderOf(2, same));
  expect([...(await orderOf(1, same))].sort((one, other) => one - other)).toEqual([...same.keys()]);
});

it('what was cancelled never happens', async () => {
  const scheduler = schedulerOf(1);
  const happened: string[] = [];
  const cancel = scheduler.after(10, () => happened.push('cancelled'));
  scheduler.after(20, () => happened.push('kept'));
  scheduler.after(5, cancel);
  await all(scheduler);
  expect(happened).toEqual(['kept']);
});

it('a cancellation that comes too late does no harm', async () => {
  const scheduler = schedulerOf(1);
  const happened: string[] = [];
  const cancel = scheduler.after(10, () => happened.push('once'));
  scheduler.after(20, cancel);
  await all(scheduler);
  expect(happened).toEqual(['once']);
});

it('time stands still between events, and jumps to the next', async () => {
  const scheduler = schedulerOf(1);
  const seen: number[] = [];
  scheduler.after(86_400_000, () => seen.push(scheduler.now() - EPOCH_MS));
  scheduler.after(0.0016, () => seen.push(scheduler.micros));
  await all(scheduler, 90_000_000);
  expect(seen).toEqual([2, 86_400_000]);
});

it('every promise goes on as far as it can before the next event', async () => {
  const scheduler = schedulerOf(1);
  const happened: string[] = [];
  scheduler.after(1, async () => {
    for (let n = 0; n < 100; n++) await undefined;
    happened.push('promises');
  });
  scheduler.after(1.001, () => happened.push('next event'));
  await all(scheduler);
  expect(happened).toEqual(['promises', 'next event']);
});

it('a run ends at its last step or moment, and says that it was not done', async () => {
  const scheduler = schedulerOf(1);
  for (let n = 1; n <= 10; n++) scheduler.after(n, () => undefined);
  expect(await scheduler.run(scheduler.sleep(50), { steps: 3 })).toBe(false);
  expect(scheduler.steps).toBe(3);
  expect(await scheduler.run(scheduler.sleep(50), { ms: 7 })).toBe(false);
  expect(scheduler.micros).toBe(7_000);
});

it('a run throws what its work throws', async () => {
  const scheduler = schedulerOf(1);
  const work = scheduler.sleep(1).then(() => Promise.reject(new Error('the work failed')));
  await expect(scheduler.run(work)).rejects.toThrow('the work failed');
});

it('a run in which nothing is left to happen is an error', async () => {
  const never = new Promise(() => undefined);
  await expect(schedulerOf(1).run(never)).rejects.toThrow('Nothing is left to happen');
});
