import type { AwsReply } from '@orderly/local/aws-proxy';
import { type Fault, Injector } from '../src/injector.ts';

const fine: AwsReply = { status: 200, headers: {}, body: '{}' };
const broken: AwsReply = { status: 500, headers: {}, body: '{}' };

const fault = (kind: string, oneIn: number): Fault => ({
  kind,
  oneIn,
  concerns: ({ operation }) => operation === 'PutItem',
  act: async (_call, _forward, _draw, count) => {
    count();
    return broken;
  },
});

/** Which of so many calls went wrong. */
async function struck(injector: Injector, operation: string, calls = 200): Promise<readonly number[]> {
  const places: number[] = [];
  for (let n = 0; n < calls; n++) {
    const reply = await injector.intercept({ operation, headers: {}, body: '{}' }, async () => fine);
    if (reply?.status === 500) places.push(n);
  }
  return places;
}

function started(seed: number, faults = [fault('breaks', 10)]): Injector {
  const injector = new Injector(faults, seed);
  injector.start();
  return injector;
}

it('strikes the same calls for the same seed, and others for another', async () => {
  const [first, again, other] = [
    await struck(started(1), 'PutItem'),
    await struck(started(1), 'PutItem'),
    await struck(started(2), 'PutItem'),
  ];

  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

it('strikes about one call in so many, the first one soon, and counts', async () => {
  const injector = started(3);

  const places = await struck(injector, 'PutItem', 1_000);

  expect(places.length).toBeGreaterThan(70);
  expect(places.length).toBeLessThan(140);
  expect(places[0]).toBeLessThan(5);
  expect(injector.counts.get('breaks')).toBe(places.length);
});

it('leaves alone what a fault does not concern, and everything once it is stopped', async () => {
  const injector = started(4);

  expect(await struck(injector, 'GetItem')).toEqual([]);
  injector.stop();
  expect(await struck(injector, 'PutItem')).toEqual([]);
});

it('lets each of several faults have its turn', async () => {
  const injector = started(5, [fault('one', 5), fault('other', 5)]);

  await struck(injector, 'PutItem');

  expect([...injector.counts.values()].filter((count) => count > 10)).toHaveLength(2);
});

it('counts a fault that never came as zero', () => {
  expect(new Injector([fault('never', 5)], 6).counts.get('never')).toBe(0);
});
