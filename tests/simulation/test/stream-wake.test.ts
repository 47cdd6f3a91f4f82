import { Dice } from '../src/world/dice.ts';
import { Scheduler } from '../src/world/scheduler.ts';
import { StreamWake } from '../src/world/stream-wake.ts';

const DELAY_MS = 100;

function setUp() {
  const scheduler = new Scheduler(new Dice(1, 'ties'));
  const wake = new StreamWake(scheduler, () => DELAY_MS);
  const stop = new AbortController();
  /** Milliseconds until a sleep that began now has ended. */
  const slept = async (since: number): Promise<number> => {
    const from = scheduler.micros;
    await wake.sleep(since, 0, stop.signal);
    return (scheduler.micros - from) / 1000;
  };
  const run = async (work: Promise<number>): Promise<number> => {
    await scheduler.run(work);
    return work;
  };
  return { scheduler, wake, stop, slept, run };
}

it('a reader sees a write some time after it', async () => {
  const { scheduler, wake, slept, run } = setUp();
  scheduler.after(5_000, wake.written);
  expect(await run(slept(wake.times))).toBe(5_000 + DELAY_MS);
});

it('a write while the reader was reading is not missed', async () => {
  const { wake, slept, run } = setUp();
  const since = wake.times;
  wake.written();
  expect(await run(slept(since))).toBe(DELAY_MS);
});

it('many writes wake a reader once', async () => {
  const { scheduler, wake, slept, run } = setUp();
  for (const ms of [1_000, 1_050, 1_099]) scheduler.after(ms, wake.written);
  expect(await run(slept(wake.times))).toBe(1_000 + DELAY_MS);
});

it('a reader looks every few minutes when nothing is written, before its iterator expires', async () => {
  const { wake, slept, run } = setUp();
  const ms = await run(slept(wake.times));
  expect(ms).toBeGreaterThan(60_000);
  expect(ms).toBeLessThan(15 * 60_000);
});

it('a reader that is stopped wakes at once, and one that is stopped already does not sleep', async () => {
  const { scheduler, wake, stop, slept, run } = setUp();
  scheduler.after(2_000, () => stop.abort());
  expect(await run(slept(wake.times))).toBe(2_000);
  expect(await run(slept(wake.times))).toBe(0);
});
