import http from 'node:http';
import { createRequire } from 'node:module';
import type { Dice } from '../world/dice.ts';
import { filesIn } from './files.ts';
import { abortSignalOn, cryptoOn, dateOn, mathOn, NeverFinalizes, refusing, StrongRef } from './globals.ts';
import { asyncHooks } from './storage.ts';
import { type Delay, timersOn } from './timers.ts';

const nativeRequire = createRequire(__filename);

/** Does nothing by itself and waits for nothing: every program has the real one. */
const PURE = new Set(
  'assert buffer events path punycode querystring stream string_decoder url util util/types'.split(' '),
);

/** The names that a program finds in place of what Node.js has. Everything else is JavaScript itself. */
export const PARAMETERS = [
  ...[
    'exports',
    'require',
    'module',
    '__filename',
    '__dirname',
    'globalThis',
    'global',
    'process',
    'console',
  ],
  ...['Date', 'Math', 'crypto', 'performance', 'AbortSignal', 'fetch', 'WebSocket', 'WeakRef'],
  ...['FinalizationRegistry', 'MessageChannel', 'BroadcastChannel', 'setTimeout', 'clearTimeout'],
  ...['setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'simulation'],
] as const;

/** A bundle, compiled: to call it is to load the program anew. */
export type Program = (...values: unknown[]) => void;

export interface Surroundings {
  /** The program's wall clock, in milliseconds since the epoch; with a fraction. */
  readonly nowMs: () => number;
  readonly delay: Delay;
  readonly dice: Dice;
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the program prints. */
  readonly write: (text: string) => void;
  /** What the bundled SDK calls in place of the network. */
  readonly send: (...call: never[]) => unknown;
  readonly fetch?: (...call: never[]) => unknown;
  /** Files by absolute path; without them the program has no file system. */
  readonly files?: Map<string, string>;
}

function processOf({ nowMs, env, write }: Surroundings, uptime: () => number): object {
  const process: object = {
    env: { ...env },
    ...{ version: 'v24.0.0', versions: { node: '24.0.0' }, platform: 'linux', arch: 'arm64', pid: 1 },
    ...{ argv: [], execArgv: [], release: { name: 'node' }, cwd: () => '/', uptime },
    stdin: { isTTY: false },
    stdout: { write, isTTY: false, on() {} },
    stderr: { write, isTTY: false, on() {} },
    // A microtask: no program here needs to know the two queues apart.
    nextTick: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
      queueMicrotask(() => callback(...values)),
    hrtime: Object.assign(() => [Math.floor(nowMs() / 1000), (nowMs() % 1000) * 1e6], {
      bigint: () => BigInt(Math.round(nowMs() * 1e6)),
    }),
    ...{ emitWarning() {}, on: () => process, once: () => process, off: () => process },
  };
  return process;
}

function modulesOf(surroundings: Surroundings, globals: ReturnType<typeof globalsOf>, timers: Timers) {
  const { files } = surroundings;
  const { console } = globals;
  return new Map<string, unknown>([
    ['async_hooks', asyncHooks],
    [
      'console',
      {
        Console: class {
          constructor() {
            Object.assign(this, console);
          }
        },
      },
    ],
    ['crypto', cryptoOn(surroundings.dice)],
    ['fs', files ? filesIn(files) : refusing('fs')],
    [
      'http',
      { STATUS_CODES: http.STATUS_CODES, Agent: refusing('http.Agent'), request: refusing('http.request') },
    ],
    [
      'os',
      {
        ...{ EOL: '\n', hostname: () => 'simulated', platform: () => 'linux', release: () => '1' },
        ...{ type: () => 'Linux', arch: () => 'arm64', homedir: () => '/', tmpdir: () => '/tmp' },
        networkInterfaces: () => ({}),
      },
    ],
    ['perf_hooks', { performance: globals.performance }],
    ['process', globals.process],
    ['timers', timers],
    ['timers/promises', timers.promises],
  ]);
}

type Timers = ReturnType<typeof timersOn>;

function globalsOf(surroundings: Surroundings, timers: Timers) {
  const { nowMs, dice, write, fetch = refusing('fetch') } = surroundings;
  const startedAt = nowMs();
  const performance = { now: () => nowMs() - startedAt, timeOrigin: startedAt, mark() {}, measure() {} };
  const print = (...values: unknown[]) => write(`${values.map(String).join(' ')}\n`);
  const { promises: _, ...ofTime } = timers;
  return {
    process: processOf(surroundings, () => performance.now() / 1000),
    console: { log: print, info: print, warn: print, error: print, debug: print, trace: print },
    crypto: cryptoOn(dice).webcrypto,
    performance,
    ...{ Date: dateOn(nowMs), Math: mathOn(dice), AbortSignal: abortSignalOn(timers), fetch },
    ...{ WebSocket: undefined, MessageChannel: undefined, BroadcastChannel: undefined },
    ...{ WeakRef: StrongRef, FinalizationRegistry: NeverFinalizes },
    ...ofTime,
  };
}

/**
 * Loads a program with a clock, timers, chance and an environment of its own, and of Node.js's modules only what is pure.
 * What it must not have fails when it is called.
 *
 * @returns what the program exports
 */
export function load(program: Program, surroundings: Surroundings): unknown {
  const timers = timersOn(surroundings.delay);
  const globals = globalsOf(surroundings, timers);
  const modules = modulesOf(surroundings, globals, timers);
  const requireIn = (request: string): unknown => {
    const name = request.replace(/^node:/, '');
    if (modules.has(name)) return modules.get(name);
    if (PURE.has(name)) return nativeRequire(request);
    if (nativeRequire.resolve.paths(request) === null) return refusing(name);
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
  };
  modules.set('module', { createRequire: () => requireIn });
  const module = { exports: {} };
  // Defined, not assigned: some of Node.js's globals have no setter.
  const global: Record<string, unknown> = Object.create(
    globalThis,
    Object.getOwnPropertyDescriptors(globals),
  );
  Object.assign(global, { globalThis: global, global });
  const found: Record<string, unknown> = {
    ...globals,
    ...{ exports: module.exports, require: requireIn, module, __filename: '/program.js', __dirname: '/' },
    ...{ globalThis: global, global, simulation: { send: surroundings.send } },
  };
  program(...PARAMETERS.map((name) => found[name]));
  return module.exports;
}
