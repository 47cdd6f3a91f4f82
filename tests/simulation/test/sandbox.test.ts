import { EPOCH_MS } from '../src/world/scheduler.ts';
import { loadProgram } from './run-program.ts';

const run = (text: string, seed = 1): Promise<unknown> =>
  loadProgram(`exports.run = async () => { ${text} };`, { seed }).run();

it('a program sees virtual time only', async () => {
  const seen = await run(`
    const before = [Date.now(), new Date().getTime(), performance.now(), process.uptime()];
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    return [...before, Date.now(), new Date().getTime(), performance.now(), process.uptime()];
  `);
  const later = 3_600_000;
  expect(seen).toEqual([EPOCH_MS, EPOCH_MS, 0, 0, EPOCH_MS + later, EPOCH_MS + later, later, later / 1000]);
});

it('dates with values, of the world and of the host, are dates', async () => {
  expect(
    await run(
      `return [new Date(0).toISOString(), Date.UTC(2026, 0, 1), new Date(5) instanceof Date, Date.parse('1970-01-01')];`,
    ),
  ).toEqual(['1970-01-01T00:00:00.000Z', EPOCH_MS, true, 0]);
});

it('timers run in the order of their time, and not when they were cleared', async () => {
  expect(
    await run(`
      const { setTimeout: pause } = require('node:timers/promises');
      const happened = [];
      setTimeout((...values) => happened.push(...values), 20, 'with', 'values');
      setTimeout(() => happened.push('first'), 10).unref();
      clearTimeout(setTimeout(() => happened.push('cleared'), 5));
      let ticks = 0;
      const interval = setInterval(() => { if (++ticks === 3) clearInterval(interval); }, 1);
      setImmediate(() => happened.push('at once'));
      await pause(100);
      return [...happened, ticks];
    `),
  ).toEqual(['at once', 'first', 'with', 'values', 3]);
});

it('a pause that is aborted ends at once, with the error of Node.js', async () => {
  expect(
    await run(`
      const { setTimeout: pause } = require('node:timers/promises');
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 10);
      const { name, code } = await pause(60_000, undefined, { signal: stop.signal }).catch((error) => error);
      return [name, code, performance.now()];
    `),
  ).toEqual(['AbortError', 'ABORT_ERR', 10]);
});

it('AbortSignal.timeout aborts in virtual time, also as one of several', async () => {
  expect(
    await run(`
      const signal = AbortSignal.any([AbortSignal.timeout(5_000), new AbortController().signal]);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return [performance.now(), signal.reason.name, signal instanceof AbortSignal];
    `),
  ).toEqual([5_000, 'TimeoutError', true]);
});

const CHANCE = `
  const { randomUUID, randomBytes, randomInt } = require('node:crypto');
  return JSON.stringify([
    Math.random(), randomUUID(), crypto.randomUUID(), randomBytes(8).toString('hex'), randomInt(1_000_000),
    [...crypto.getRandomValues(new Uint8Array(4))],
  ]);`;

it('chance is that of the seed', async () => {
  expect(await run(CHANCE, 1)).toBe(await run(CHANCE, 1));
  expect(await run(CHANCE, 1)).not.toBe(await run(CHANCE, 2));
});

it('hashes are the real ones', async () => {
  expect(await run(`return require('crypto').createHash('sha256').update('').digest('hex');`)).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

it.each([
  ["require('node:fs').readFileSync('/etc/passwd')", 'fs.readFileSync'],
  ["require('net').connect(80)", 'net.connect'],
  ["require('node:child_process').execFileSync('true')", 'child_process.execFileSync'],
  ["require('http').request('http://localhost')", 'http.request'],
  ["require('dns').lookup('localhost', () => undefined)", 'dns.lookup'],
  ["new (require('worker_threads').Worker)('x')", 'worker_threads.Worker'],
  ["fetch('http://localhost')", 'fetch'],
  ["crypto.subtle.digest('SHA-256', new Uint8Array())", 'crypto.subtle.digest'],
])('%s refuses, and names %s', async (text, name) => {
  await expect(run(`return ${text};`)).rejects.toThrow(`A simulation has no ${name}`);
});

it('what refuses may be extended while a program loads', async () => {
  expect(
    await run(`class Agent extends require('https').Agent { static kind = 'unused'; } return Agent.kind;`),
  ).toBe('unused');
});

it('a module that is none of Node.js is missing, as where a bundle is whole', async () => {
  await expect(run(`require('left-pad');`)).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' });
});

it('a program has its own environment, and prints to the world', async () => {
  const { run: start, printed } = loadProgram(`
    exports.run = () => { console.log('printed', 1); process.stdout.write('raw'); return { ...process.env }; };`);
  expect(await start()).toEqual({ GIVEN: 'by the world' });
  expect(printed).toEqual(['printed 1\n', 'raw']);
});

it('a global that one program sets is none of another', async () => {
  await run(`globalThis.shared = 1; process.env.GIVEN = 'changed';`);
  expect(await run(`return [typeof globalThis.shared, process.env.GIVEN];`)).toEqual([
    'undefined',
    'by the world',
  ]);
});

it('a bundle calls the world in place of the network', async () => {
  expect(await run('return simulation.send();')).toBe('sent');
});

const STORING = `
  const { AsyncLocalStorage } = require('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const other = new AsyncLocalStorage();
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  exports.run = (name, meanwhile) =>
    storage.run(name, async () => {
      const seen = [storage.getStore()];
      for (let n = 0; n < 3; n++) {
        await pause(10);
        meanwhile?.();
        seen.push(storage.getStore(), other.getStore());
      }
      seen.push(other.run('inner', () => storage.getStore() + ' ' + other.getStore()));
      seen.push(storage.exit(() => storage.getStore()));
      return seen;
    });`;
const seenBy = (name: string) => [
  ...[name, name, undefined, name, undefined, name, undefined],
  ...[`${name} inner`, undefined],
];

it('storages of two programs do not mix, even where one calls the other', async () => {
  const one = loadProgram(STORING);
  const other = loadProgram(STORING, { scheduler: one.scheduler });
  const others: Promise<unknown>[] = [];
  const seen = await one.run('one', () => others.push(other.run('other')));
  expect(seen).toEqual(seenBy('one'));
  expect(await Promise.all(others)).toEqual([seenBy('other'), seenBy('other'), seenBy('other')]);
});
