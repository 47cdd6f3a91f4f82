import { LocalFunctions } from '../src/local-functions.ts';
import { FakeLambda } from './fake-lambda.ts';

const event = { Records: [] };

let lambda: FakeLambda;
let functions: LocalFunctions;
let ended: number;

beforeEach(() => {
  lambda = new FakeLambda();
  ended = 0;
  functions = new LocalFunctions(lambda, () => {
    ended += 1;
  });
});

const soon = () => new Promise(setImmediate);

it('an invocation answers with the result of the function', async () => {
  lambda.behaviour = () => ({ batchItemFailures: [] });
  expect(await functions.invoke('work', event)).toEqual({
    outcome: 'answer',
    payload: { batchItemFailures: [] },
  });
  expect(ended).toBe(1);
});

it('an invocation answers with the message of an error that the function throws', async () => {
  lambda.behaviour = () => {
    throw new Error('broken');
  };
  expect(await functions.invoke('work', event)).toEqual({ outcome: 'error', message: 'broken' });
  expect(ended).toBe(1);
});

it('the invocation of a function that does not exist names it', async () => {
  expect(await functions.invoke('other', event)).toEqual({
    outcome: 'error',
    message: 'Function not found: other',
  });
});

it('a reload waits for running functions, and invocations wait for the reload', async () => {
  let finish = (): void => undefined;
  lambda.behaviour = () => new Promise<void>((done) => (finish = done));
  const first = functions.invoke('work', event);
  await soon();
  let paused = false;
  const pause = functions.pause().then(() => {
    paused = true;
  });
  const second = functions.invoke('work', event);
  await soon();
  expect(paused).toBe(false);
  finish();
  await Promise.all([first, pause]);
  expect(lambda.calls).toHaveLength(1);

  lambda.behaviour = () => null;
  functions.resume();
  expect(await second).toEqual({ outcome: 'answer', payload: null });
});

it('no function runs after the stop, not even one that waited for a reload', async () => {
  await functions.pause();
  const held = functions.invoke('work', event);
  await functions.stop();
  expect(await held).toEqual({ outcome: 'stopped' });
  expect(await functions.invoke('work', event)).toEqual({ outcome: 'stopped' });
  expect(lambda.calls).toEqual([]);
});

it('a running function finishes before the stop', async () => {
  let finish = (): void => undefined;
  lambda.behaviour = () => new Promise<string>((done) => (finish = () => done('done')));
  const running = functions.invoke('work', event);
  await soon();
  const stopped = functions.stop();
  finish();
  await stopped;
  expect(await running).toEqual({ outcome: 'answer', payload: 'done' });
});

it('the stop waits some seconds for a function that does not end', async () => {
  lambda.behaviour = () => new Promise(() => undefined);
  const running = functions.invoke('work', event);
  await soon();
  await functions.stop(1);
  expect(await running).toEqual({ outcome: 'stopped' });
});
