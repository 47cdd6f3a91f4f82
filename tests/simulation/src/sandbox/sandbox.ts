import http from 'node:http';
import { createRequire } from 'node:module';
import { BlockList, isIP } from 'node:net';
import { filesIn } from './files.ts';
import {
  abortSignalOn,
  NeverFinalizes,
  refusing,
  SimulatedDate,
  StrongRef,
  simulatedCrypto,
  simulatedMath,
} from './globals.ts';
import type { Running, Surroundings } from './running.ts';
import { asyncHooks, runAs, running, runningIfAny } from './storage.ts';
import { timersOn } from './timers.ts';

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

/** Text that is compiled: to call it is to evaluate it anew. */
export type Code = (...values: unknown[]) => void;

/** What a bundle takes from packages that are not in it. @throws Error for what it has not got */
export type Library = (packageName: string, name: string) => unknown;

/** A bundle, compiled for as many containers as there will be. */
export interface Program {
  readonly code: Code;
  readonly library: Library;
}

/** A program with its modules in memory. */
export interface Loaded {
  readonly exports: unknown;
  /** Runs something of the program. What it leads to, later too, finds the program's time, chance and settings. */
  readonly enter: <T>(work: () => T) => T;
}

const write = (text: string): void => running().write(text);
const print = (...values: unknown[]): void => write(`${values.map(String).join(' ')}\n`);
const uptimeMs = (): number => running().nowMs() - running().startedAt;

const simulatedProcess: object = {
  get env() {
    return running().env;
  },
  ...{ version: 'v24.0.0', versions: { node: '24.0.0' }, platform: 'linux', arch: 'arm64', pid: 1 },
  ...{ argv: [], execArgv: [], release: { name: 'node' }, cwd: () => '/', uptime: () => uptimeMs() / 1000 },
  stdin: { isTTY: false },
  stdout: { write, isTTY: false, on() {} },
  stderr: { write, isTTY: false, on() {} },
  // A microtask: no program here needs to know the two queues apart.
  nextTick: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
    queueMicrotask(() => callback(...values)),
  hrtime: Object.assign(
    () => {
      const now = running().nowMs();
      return [Math.floor(now / 1000), (now % 1000) * 1e6];
    },
    { bigint: () => BigInt(Math.round(running().nowMs() * 1e6)) },
  ),
  ...{
    emitWarning() {},
    on: () => simulatedProcess,
    once: () => simulatedProcess,
    off: () => simulatedProcess,
  },
};

const timers = timersOn((ms, callback) => running().delay(ms, callback));
const simulatedConsole = { log: print, info: print, warn: print, error: print, debug: print, trace: print };
const performance = {
  now: uptimeMs,
  get timeOrigin() {
    return running().startedAt;
  },
  mark() {},
  measure() {},
};
const hashesAndChance = simulatedCrypto();
const { promises: _, ...ofTime } = timers;

/** All programs have the same; they ask for what belongs to the one that runs. Nobody can leave something in them. */
const GLOBALS = {
  process: simulatedProcess,
  console: simulatedConsole,
  crypto: hashesAndChance.webcrypto,
  performance,
  ...{ Date: SimulatedDate, Math: simulatedMath(), AbortSignal: abortSignalOn(timers) },
  fetch: (...call: never[]) => (running().fetch ?? (refusing('fetch') as () => unknown))(...call),
  ...{ WebSocket: undefined, MessageChannel: undefined, BroadcastChannel: undefined },
  ...{ WeakRef: StrongRef, FinalizationRegistry: NeverFinalizes },
  ...ofTime,
};

/** A module of which only these parts are there: they are pure. */
const only = (name: string, pure: object): object =>
  new Proxy(pure, {
    get: (target, key) =>
      typeof key === 'symbol' || key in target ? Reflect.get(target, key) : refusing(`${name}.${key}`),
  });

const MODULES = new Map<string, unknown>([
  ['async_hooks', asyncHooks],
  [
    'console',
    {
      Console: class {
        constructor() {
          Object.assign(this, simulatedConsole);
        }
      },
    },
  ],
  ['crypto', hashesAndChance],
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
  ['net', only('net', { BlockList, isIP })],
  ['perf_hooks', { performance }],
  ['process', simulatedProcess],
  ['timers', timers],
  ['timers/promises', timers.promises],
  ['module', { createRequire: () => requireIn }],
]);

for (const shared of [...Object.values(GLOBALS), ...MODULES.values()]) Object.freeze(shared);

/** A program with files gets them; no other one, and nothing that programs share, has a file system. */
const fileSystem = (): unknown => {
  const files = runningIfAny()?.files;
  return files ? filesIn(files) : refusing('fs');
};

function requireIn(request: string): unknown {
  const name = request.replace(/^node:/, '');
  if (name === 'fs') return fileSystem();
  if (MODULES.has(name)) return MODULES.get(name);
  if (PURE.has(name)) return nativeRequire(request);
  if (nativeRequire.resolve.paths(request) === null) return refusing(name);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
}

/**
 * Evaluates code with a global object of its own, on which it may set what it likes.
 * @returns what it exports
 */
export function evaluate(code: Code, library: Library): unknown {
  const module = { exports: {} };
  // Defined, not assigned: some of Node.js's globals have no setter.
  const global: Record<string, unknown> = Object.create(globalThis, GLOBAL_PROPERTIES);
  Object.assign(global, { globalThis: global, global });
  const found: Record<string, unknown> = {
    ...GLOBALS,
    ...{ exports: module.exports, require: requireIn, module, __filename: '/program.js', __dirname: '/' },
    ...{ globalThis: global, global, simulation: { send, library } },
  };
  code(...PARAMETERS.map((name) => found[name]));
  return module.exports;
}

const GLOBAL_PROPERTIES = Object.getOwnPropertyDescriptors(GLOBALS);
const send = (...call: never[]): unknown => running().send(...call);

/**
 * Loads a program with a clock, timers, chance and an environment of its own, and of Node.js's modules only what is pure.
 * What it must not have fails when it is called.
 */
export function load({ code, library }: Program, surroundings: Surroundings): Loaded {
  const program: Running = {
    ...surroundings,
    startedAt: surroundings.nowMs(),
    env: { ...surroundings.env },
  };
  const enter = <T>(work: () => T): T => runAs(program, work);
  return { exports: enter(() => evaluate(code, library)), enter };
}
