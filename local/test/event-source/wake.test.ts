import { Wake } from '../../src/event-source/wake.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

it('ends every pause at once', async () => {
  const wake = new Wake();
  const { times } = wake;
  const pauses = [wake.sleep(times, LONG_MS, never), wake.sleep(times, LONG_MS, never)];

  wake.up();

  expect(await Promise.all(pauses)).toEqual([undefined, undefined]);
});

it('leaves out the pause when it was woken during the poll before', async () => {
  const wake = new Wake();
  const { times } = wake;

  wake.up();

  expect(await wake.sleep(times, LONG_MS, never)).toBeUndefined();
});

it('does not end the pause after a poll that began later', async () => {
  const wake = new Wake();
  wake.up();
  let over = false;

  const pause = wake.sleep(wake.times, LONG_MS, never).then(() => {
    over = true;
  });
  await new Promise(setImmediate);

  expect(over).toBe(false);
  wake.up();
  await pause;
});

it('ends a pause when its time is over', async () => {
  const wake = new Wake();

  expect(await wake.sleep(wake.times, 1, never)).toBeUndefined();
});

it('ends a pause when the platform stops', async () => {
  const stopping = new AbortController();
  const wake = new Wake();
  const pause = wake.sleep(wake.times, LONG_MS, stopping.signal);

  stopping.abort();

  expect(await pause).toBeUndefined();
});
