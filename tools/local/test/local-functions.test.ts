import { LocalFunctions } from '../src/local-functions.ts';
import { FakeLambda } from './fake-lambda.ts';

const event = { Records: [] };

let lambda: FakeLambda;
let functions: LocalFunctions;
let ended: number;

beforeEach(() => {
  lambda = new FakeLambda(['work']);
  ended = 0;
  functions = new LocalFunctions(lambda, () => {
    ended += 1;
  });
});

const soon = () => new Promise(setImmediate);

it('answers with what the function returns', async () => {
  lambda.behaviour = () => ({ batchItemFailures: [] });
  expect(await functions.invoke('work', event)).toEqual({
    kind: 'answer',
    payload: { batchItemFailures: [] },
  });
  expect(ended).toBe(1);
});

it('answers with the message of what the function throws', async () => {
  lambda.behaviour = () => {
    throw new Error('broken');
  };
  expect(await functions.invoke('work', event)).toEqual({ kind: 'error', message: 'broken' });
  expect(ended).toBe(1);
});

it('names a function that does not exist', async () => {
  expect(await functions.invoke('other', event)).toEqual({
    kind: 'error',
    message: 'Function not found: other',
  });
});

it('waits for running functions before a reload, and holds others back until it is over', async () => {
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
  expect(await second).toEqual({ kind: 'answer', payload: null });
});

it('runs nothing more when it is stopped, not even what a reload held back', async () => {
  await functions.pause();
  const held = functions.invoke('work', event);
  await functions.stop();
  expect(await held).toEqual({ kind: 'stopped' });
  expect(await functions.invoke('work', event)).toEqual({ kind: 'stopped' });
  expect(lambda.calls).toEqual([]);
});

it('lets a running function finish when it is stopped', async () => {
  let finish = (): void => undefined;
  lambda.behaviour = () => new Promise<string>((done) => (finish = () => done('done')));
  const running = functions.invoke('work', event);
  await soon();
  const stopped = functions.stop();
  finish();
  await stopped;
  expect(await running).toEqual({ kind: 'answer', payload: 'done' });
});

it('waits some seconds, and then answers for a function that does not end', async () => {
  lambda.behaviour = () => new Promise(() => undefined);
  const running = functions.invoke('work', event);
  await soon();
  await functions.stop(1);
  expect(await running).toEqual({ kind: 'stopped' });
});
