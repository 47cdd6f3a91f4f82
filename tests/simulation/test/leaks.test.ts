import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { watchLeaks } from '../src/sandbox/leaks.ts';

const leaksOf = (work: () => unknown): readonly string[] => {
  const watch = watchLeaks();
  try {
    work();
    return watch.found();
  } finally {
    watch.end();
  }
};

const leaks: readonly (readonly [name: string, ask: () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['process.uptime', () => process.uptime()],
  ['setTimeout', () => clearTimeout(setTimeout(() => undefined, 1))],
  ['setInterval', () => clearInterval(setInterval(() => undefined, 1))],
  ['setImmediate', () => clearImmediate(setImmediate(() => undefined))],
  ['timers/promises.setTimeout', () => pause(0)],
  ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
  ['crypto.randomUUID', () => randomUUID()],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(1))],
  ['WeakRef', () => new WeakRef({})],
  ['fs.existsSync', () => existsSync(__filename)],
  [
    'net.connect',
    () =>
      connect({ port: 1, host: '127.0.0.1' })
        .on('error', () => undefined)
        .destroy(),
  ],
  ['fetch', () => fetch('data:,').catch(() => undefined)],
];

const literally = (name: string): string => name.replaceAll(/[.()]/g, '\\$&');

it.each(leaks)('%s is found in a run, with the place that asked', (name, ask) => {
  expect(leaksOf(ask)).toContainEqual(
    expect.stringMatching(
      new RegExp(`^The machine was asked 1 times: ${literally(name)} at .*leaks\\.test\\.ts`),
    ),
  );
});

it('what has nothing to do with the machine is no leak', () => {
  expect(leaksOf(() => [new Date(0).toISOString(), Math.floor(1.5), new Date(0) instanceof Date])).toEqual(
    [],
  );
});

it('the same place that asks again is named once', () => {
  expect(leaksOf(() => [1, 2, 3].map(() => Date.now()))).toEqual([
    expect.stringContaining('asked 3 times: Date.now'),
  ]);
});

it('who listens to a run may use the machine', () => {
  const watch = watchLeaks();
  const listen = watch.aside((file: string) => readFileSync(file));
  listen(__filename);
  const found = watch.found();
  watch.end();
  expect(found).toEqual([]);
});

it('a timer that was not there before the run is found when the run is over', () => {
  const timers: NodeJS.Timeout[] = [];
  const watch = watchLeaks();
  watch.aside(() => void timers.push(setTimeout(() => undefined, 60_000)))();
  const found = watch.found();
  watch.end();
  for (const timer of timers) clearTimeout(timer);
  expect(found).toEqual(['The run has left 1 open: Timeout']);
});

it('everything is as it was once the watch is over', () => {
  const before = [Date, setTimeout, Math.random, process.hrtime, existsSync];
  watchLeaks().end();
  expect([Date, setTimeout, Math.random, process.hrtime, existsSync]).toEqual(before);
  expect(leaksOf(() => undefined)).toEqual([]);
});

it('two runs at once in one process are refused', () => {
  const watch = watchLeaks();
  try {
    expect(() => watchLeaks()).toThrow('Another run is under way');
  } finally {
    watch.end();
  }
});
