import { Wake } from '../../event-sources/wake.ts';
import { ManualClock, settle } from '../manual-clock.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

let clock: ManualClock;
let wake: Wake;

beforeEach(() => {
  clock = new ManualClock();
  wake = new Wake(clock);
});

/** Whether the pause is over. */
const watch = (pause: Promise<void>): { readonly over: boolean } => {
  const state = { over: false };
  void pause.then(() => {
    state.over = true;
  });
  return state;
};

it('ends every pause at once', async () => {
  const { times } = wake;
  const pauses = [watch(wake.sleep(times, LONG_MS, never)), watch(wake.sleep(times, LONG_MS, never))];

  wake.up();
  await settle();

  expect(pauses).toEqual([{ over: true }, { over: true }]);
});

it('leaves out the pause when it was woken during the poll before', async () => {
  const { times } = wake;

  wake.up();
  const pause = watch(wake.sleep(times, LONG_MS, never));
  await settle();

  expect(pause.over).toBe(true);
});

it('does not end the pause after a poll that began later', async () => {
  wake.up();

  const pause = watch(wake.sleep(wake.times, LONG_MS, never));
  await settle();

  expect(pause.over).toBe(false);
  wake.up();
  await settle();
  expect(pause.over).toBe(true);
});

it('ends a pause when its time is over, and not before', async () => {
  const pause = watch(wake.sleep(wake.times, 100, never));

  await clock.pass(99);
  expect(pause.over).toBe(false);
  await clock.pass(1);
  expect(pause.over).toBe(true);
});

it('ends a pause when the platform stops', async () => {
  const stopping = new AbortController();
  const pause = watch(wake.sleep(wake.times, LONG_MS, stopping.signal));

  stopping.abort();
  await settle();

  expect(pause.over).toBe(true);
});
