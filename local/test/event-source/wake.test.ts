import { Wake } from '../../src/event-source/wake.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

it('ends every pause at once', async () => {
  const wake = new Wake();
  const pauses = [wake.sleep(LONG_MS, never), wake.sleep(LONG_MS, never)];

  wake.up();

  expect(await Promise.all(pauses)).toEqual([true, true]);
});

it('does not end the next pause', async () => {
  const wake = new Wake();
  wake.up();

  expect(await wake.sleep(1, never)).toBe(false);
});

it('ends a pause when the platform stops, and does not call that waking', async () => {
  const stopping = new AbortController();
  const pause = new Wake().sleep(LONG_MS, stopping.signal);

  stopping.abort();

  expect(await pause).toBe(false);
});
