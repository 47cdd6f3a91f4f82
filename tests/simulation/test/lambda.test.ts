import { NO_FAULTS } from '../src/world/faults.ts';
import type { Line } from '../src/world/history.ts';
import { World } from '../src/world/world.ts';
import { programOf } from './run-program.ts';

const TIMEOUT_MS = 6_000;

function deploy(text: string, faults: Partial<typeof NO_FAULTS> = {}) {
  const lines: Line[] = [];
  const world = new World({
    seed: 1,
    faults: { ...NO_FAULTS, ...faults },
    listener: (line) => lines.push(line),
  });
  const definition = { name: 'fn', service: 'tested', env: {}, timeoutMs: TIMEOUT_MS };
  const release = (program: string): void =>
    world.lambda.deploy({ ...definition, program: programOf(`${program}`) });
  release(text);
  const within = async <T>(work: Promise<T>): Promise<T> => {
    await world.scheduler.run(work);
    return work;
  };
  const invoke = (event: unknown = {}) => within(world.lambda.invoke('fn', event));
  const pause = (ms: number) => within(world.scheduler.sleep(ms));
  const textsOf = (kind: Line['kind']) =>
    lines.filter((line) => line.kind === kind).map(({ text: of }) => of);
  return { world, release, invoke, within, pause, textsOf };
}

const COUNTING = `
  let count = 0;
  exports.handler = async () => ++count;`;

it('invocations one after the other use one container, and those at once have one each', async () => {
  const { world, invoke, within } = deploy(COUNTING);
  expect([await invoke(), await invoke()].map((each) => Object(each).payload)).toEqual([1, 2]);
  const [one, other] = await within(
    Promise.all([world.lambda.invoke('fn', {}), world.lambda.invoke('fn', {})]),
  );
  expect([Object(one).payload, Object(other).payload].sort()).toEqual([1, 3]);
});

it('a new version starts with new containers', async () => {
  const { release, invoke } = deploy(COUNTING);
  await invoke();
  release(`exports.handler = async () => 'new';`);
  expect(await invoke()).toEqual({ outcome: 'answer', payload: 'new' });
});

it('what a handler throws is the error of the invocation, and the container goes on', async () => {
  const { invoke } = deploy(`
    let count = 0;
    exports.handler = async () => { if (++count === 1) throw new TypeError('broken'); return count; };`);
  expect(await invoke()).toEqual({ outcome: 'error', message: 'TypeError: broken' });
  expect(await invoke()).toEqual({ outcome: 'answer', payload: 2 });
});

it('a container that dies between two invocations gets no other one', async () => {
  const { invoke, pause, textsOf } = deploy(
    `
    let count = 0;
    exports.handler = async () => {
      const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
      void simulation.send({ method: 'POST', path: '/', headers, body: '{}' }, {});
      return ++count;
    };`,
    { calls: { ...NO_FAULTS.calls, 'killed after': 1 } },
  );
  expect(await invoke()).toEqual({ outcome: 'answer', payload: 1 });
  await pause(1_000);
  expect(textsOf('kill')).toEqual(['fn #1 killed after a call']);
  expect(await invoke()).toEqual({ outcome: 'answer', payload: 1 });
});

it('an event and an answer are JSON: nobody shares an object with the world', async () => {
  const { invoke } = deploy(`exports.handler = async (event) => { event.changed = true; return event; };`);
  const event = { at: new Date(0) };
  expect(await invoke(event)).toEqual({
    outcome: 'answer',
    payload: { at: '1970-01-01T00:00:00.000Z', changed: true },
  });
  expect(event).toEqual({ at: new Date(0) });
});

it('a function that takes too long is killed, and never goes on', async () => {
  const { world, invoke, pause, textsOf } = deploy(`
    exports.handler = async () => {
      setInterval(() => console.log('{"message":"tick"}'), 1_000);
      await new Promise((resolve) => setTimeout(resolve, ${TIMEOUT_MS + 1_000}));
      console.log('{"message":"resumed"}');
    };`);
  expect(await invoke()).toEqual({ outcome: 'error', message: 'Task timed out' });
  const logged = textsOf('log').length;
  expect(logged).toBeGreaterThan(3);
  await pause(3_600_000);
  expect(textsOf('log')).toHaveLength(logged);
  expect(textsOf('kill')).toEqual(['fn #1 Task timed out']);
  expect(world.lambda.running).toBe(0);
});

it('a function knows how much time it has left', async () => {
  const { invoke } = deploy(`
    exports.handler = async (event, context) => {
      const before = context.getRemainingTimeInMillis();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return [before, context.getRemainingTimeInMillis()];
    };`);
  expect(await invoke()).toEqual({ outcome: 'answer', payload: [TIMEOUT_MS, TIMEOUT_MS - 1_500] });
});

it('what a frozen container waits for goes on with its next invocation', async () => {
  const { invoke, pause, textsOf } = deploy(`
    exports.handler = async () => {
      setTimeout(() => console.log('{"message":"late"}'), 100);
      await new Promise((resolve) => setTimeout(resolve, 1));
    };`);
  await invoke();
  await pause(3_600_000);
  expect(textsOf('log')).toEqual([]);
  await invoke();
  expect(textsOf('log')).toEqual(['fn {"message":"late"}']);
});

it('clocks of containers differ by no more than their skew', async () => {
  const { world, within } = deploy(`exports.handler = async () => Date.now();`, { clockSkewMs: 500 });
  const before = world.scheduler.now();
  const clocks = await within(Promise.all(Array.from({ length: 8 }, () => world.lambda.invoke('fn', {}))));
  const after = world.scheduler.now();
  const times = clocks.map((each) => Number(Object(each).payload));
  expect(new Set(times).size).toBeGreaterThan(4);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(before - 500);
  expect(Math.max(...times)).toBeLessThanOrEqual(after + 500);
});

it('the history has no stack, no place in a file and no time of a log line', async () => {
  const { invoke, textsOf } = deploy(`
    exports.handler = async () => {
      const { stack } = new Error('e');
      console.log(JSON.stringify({ message: 'm', timestamp: 'now', error: { name: 'Error', location: 'x:1', stack } }));
    };`);
  await invoke();
  expect(textsOf('log')).toEqual(['fn {"message":"m","error":{"name":"Error"}}']);
});
