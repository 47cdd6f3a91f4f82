import { backingOff } from '../src/azure/back-off.ts';

const waits: number[] = [];
const pause = async (ms: number) => void waits.push(ms);
const failure = new Error('The database does not answer');
const failing = backingOff(() => Promise.reject(failure), 9, pause);
const receive = (receiveCount: number) => failing({ receiveCount }, 'invocation');

beforeEach(() => {
  waits.length = 0;
});

it('waits longer with each receive before it gives a message back, at most a minute', async () => {
  for (const receiveCount of [1, 2, 3, 7, 8]) await expect(receive(receiveCount)).rejects.toBe(failure);

  expect(waits).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
});

it('does not wait after the last receive', async () => {
  await expect(receive(9)).rejects.toBe(failure);

  expect(waits).toEqual([]);
});

it('does not wait when a message is handled', async () => {
  const handled: unknown[] = [];
  const handle = backingOff(async (...received) => void handled.push(received), 5, pause);

  await handle({ receiveCount: 1 }, 'invocation');

  expect(handled).toEqual([[{ receiveCount: 1 }, 'invocation']]);
  expect(waits).toEqual([]);
});
