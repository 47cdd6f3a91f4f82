import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';

/** Watches the whole process, so there is one run at a time. */
export interface LeakWatch {
  /** Makes a function that may use the machine: whoever listens to a run is no part of it. */
  readonly aside: <A extends unknown[]>(work: (...values: A) => void) => (...values: A) => void;
  /** One sentence for each place that has asked the machine so far, and for what is open now and was not before. */
  readonly found: () => readonly string[];
  readonly end: () => void;
}

type Owner = object;
type Callable = (...values: unknown[]) => unknown;

/** The machine's time, timers, chance and memory: each with the names of functions. */
const WATCHED: readonly (readonly [label: string, owner: Owner, names: readonly string[]])[] = [
  ['Date.', Date, ['now']],
  ['Math.', Math, ['random']],
  ['performance.', performance, ['now']],
  ['process.hrtime.', process.hrtime, ['bigint']],
  ['process.', process, ['hrtime', 'uptime']],
  ['AbortSignal.', AbortSignal, ['timeout']],
  ['crypto.', Object.getPrototypeOf(globalThis.crypto), ['randomUUID', 'getRandomValues']],
  ['crypto.', crypto, ['randomUUID', 'randomBytes', 'randomFillSync', 'randomFill', 'randomInt']],
  [
    '',
    globalThis,
    ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'MessageChannel', 'BroadcastChannel'],
  ],
  ['', globalThis, ['WeakRef', 'FinalizationRegistry']],
];

/** Everything that they do is input or output, or waits. */
const WATCHED_MODULES: Readonly<Record<string, Owner>> = {
  ...{ fs, 'fs/promises': fs.promises, net, http, https, dns, 'dns/promises': dns.promises, dgram },
  ...{ child_process: childProcess, timers, 'timers/promises': timers.promises },
};
/** They end something, or only look at a value. */
const HARMLESS = /^(clear|is|_|Stats|Dirent|validateHeader|get(Default|Servers|DefaultAuto))/;

/** What is open for those who listen: files, pipes, terminals. */
const OF_LISTENERS = /^(FSReq|WriteWrap|ShutdownWrap|Pipe|TTY|ProcessWrap|MessagePort)/;

/** Whoever loads the sources tidies up its files when it likes, and is no part of a run. */
const LOADER = /[\\/]node_modules[\\/]tsx[\\/]/;

let underWay = false;

/**
 * Notes whatever asks the process for its time, timers, chance, memory, files or network: with one of them a seed does not
 * decide everything any more. Costs next to nothing as long as nobody asks.
 *
 * @throws Error when another watch is under way
 */
export function watchLeaks(): LeakWatch {
  if (underWay) throw new Error('Another run is under way in this process, and they share what is watched');
  underWay = true;
  // Node.js loads its fetch when this is first named, and what loads it is no leak.
  void Headers;
  const open = openResources();
  const asked = new Map<string, number>();
  let listening = 0;
  const note = (name: string): void => {
    if (listening > 0) return;
    const where = whereAsked();
    if (LOADER.test(where)) return;
    const place = `${name} ${where}`;
    asked.set(place, (asked.get(place) ?? 0) + 1);
  };
  const restore = replaceAll(note);
  return {
    aside:
      (work) =>
      (...values) => {
        listening++;
        try {
          work(...values);
        } finally {
          listening--;
        }
      },
    found: () => [
      ...[...asked].map(([place, times]) => `The machine was asked ${times} times: ${place}`),
      ...newResources(open),
    ],
    end() {
      restore();
      underWay = false;
    },
  };
}

/** Puts a watched function in the place of each. @returns puts them back */
function replaceAll(note: (name: string) => void): () => void {
  const undo = [
    // Only a date without values is the present.
    replace(globalThis, 'Date', (values) => values.length > 0 || note('new Date()')),
    ...WATCHED.flatMap(([label, owner, names]) =>
      names.map((name) => replace(owner, name, () => note(`${label}${name}`))),
    ),
    ...Object.entries(WATCHED_MODULES).flatMap(([module, owner]) =>
      functionsOf(owner).map((name) => replace(owner, name, () => note(`${module}.${name}`))),
    ),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const back of undo.reverse()) back();
    syncBuiltinESMExports();
  };
}

const functionsOf = (owner: Owner): readonly string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(owner))
    .filter(([name, { value, writable }]) => typeof value === 'function' && writable && !HARMLESS.test(name))
    .map(([name]) => name);

function replace(owner: Owner, name: string, onCall: (values: readonly unknown[]) => void): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const value = new Proxy(Reflect.get(owner, name) as Callable, {
    apply(target, self, values) {
      onCall(values);
      return Reflect.apply(target, self, values);
    },
    construct(target, values, as) {
      onCall(values);
      return Reflect.construct(target, values, as);
    },
  });
  // The other attributes as they are: with others V8 would look up all that Math or Date has in a slow way.
  const { enumerable = false } = before ?? {};
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable });
  return () => {
    if (before) Object.defineProperty(owner, name, before);
    else Reflect.deleteProperty(owner, name);
  };
}

const STACK_LINES = 20;

/** The line of a stack that is none of the watch, and none of Node.js where there is another. */
function whereAsked(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_LINES;
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const others = lines.filter((line) => !line.includes(__filename) && !line.includes('Reflect.'));
  const place = others.find((line) => !/\(?node:/.test(line)) ?? others[0] ?? 'at an unknown place';
  return place.trim();
}

function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!OF_LISTENERS.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const newResources = (before: ReadonlyMap<string, number>): readonly string[] =>
  [...openResources()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `The run has left ${count - (before.get(kind) ?? 0)} open: ${kind}`);
