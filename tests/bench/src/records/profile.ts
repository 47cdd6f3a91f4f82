import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from '@orderly/support/node-versions';
import { startContainer } from './containers.ts';
import type { Activity } from './contenders.ts';

/** How many microseconds pass between two samples. */
export const samplingInterval = 200;

/** The parts of a V8 CPU profile that are read here: https://chromedevtools.github.io/devtools-protocol/tot/Profiler */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    /** Counted from 0. */
    readonly lineNumber: number;
  };
}

interface Files {
  readonly program: string;
  /** With the comments by which esbuild names each source file, so not minified. */
  readonly bundle: string;
  readonly inputs: string;
  /** Where the profile goes. */
  readonly folder: string;
}

/** Calls our consumer for some seconds. @returns percent of its processor time by activity */
export async function profile(
  { program, bundle, inputs, folder }: Files,
  { warmUpMs, forMs }: { readonly warmUpMs: number; readonly forMs: number },
  node: Node,
): Promise<Readonly<Record<Activity, number>>> {
  mkdirSync(folder, { recursive: true });
  const options = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', `${samplingInterval}`];
  const container = await startContainer({ program, bundle, exported: 'handler', inputs }, node, options);
  for (let spent = 0; spent < warmUpMs + forMs; ) spent += await container.run(100);
  await container.end();
  const [file = ''] = readdirSync(folder);
  const recorded = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  return shares(recorded, sourcesOf(readFileSync(bundle, 'utf8')), bundle, warmUpMs * 1_000);
}

/** @returns the source file of each line of a bundle */
function sourcesOf(bundle: string): readonly string[] {
  let source = '';
  return bundle.split('\n').map((line) => {
    source = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(line)?.[1] ?? source;
    return source;
  });
}

/** @param from microseconds at the beginning that do not count */
function shares(
  { nodes, samples, timeDeltas }: CpuProfile,
  sources: readonly string[],
  bundle: string,
  from: number,
): Readonly<Record<Activity, number>> {
  const activities = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const source = url.endsWith(bundle) ? (sources[lineNumber] ?? '') : url;
      return [id, activityOf(functionName, source)];
    }),
  );
  const spent = new Map<Activity, number>();
  let at = 0;
  let whole = 0;
  for (const [index, id] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    at += delta;
    const activity = activities.get(id);
    if (at < from || activity === undefined || activity === 'waiting') continue;
    whole += delta;
    spent.set(activity, (spent.get(activity) ?? 0) + delta);
  }
  const percent = (activity: Activity) => Math.round(((spent.get(activity) ?? 0) / whole) * 1_000) / 10;
  return Object.fromEntries(names.map((activity) => [activity, percent(activity)])) as Record<
    Activity,
    number
  >;
}

/** By the source of a function, or of a function of Node.js; the first that fits. */
const sourcesOfActivities: readonly (readonly [activity: Activity, source: RegExp])[] = [
  // V8's parser is counted for the function that calls it.
  ['parse', /contracts\/src\/parse\.ts$/],
  ['check', /contracts\/src\/(exact-checks|reaction)\.ts$/],
  ['faults', /valibot|contracts\/src|observability\/mask\.ts$/],
  ['context', /observability\/request-context\.ts$|^node:(internal\/)?(async_|crypto)/],
  ['lines', /observability\/|functions\/src\/aws\/(lines|invocation)\.ts$|^node:/],
  ['consume', /functions\/src\/(aws|messaging)\/(consume|envelope)\.ts$/],
];

const names: readonly Activity[] = [
  'parse',
  'patterns',
  'check',
  'faults',
  'context',
  'consume',
  'lines',
  'memory',
  'rest',
];

/** @returns what a function is counted as; `source` is its file, or the module of Node.js */
export function activityOf(functionName: string, source: string): Activity | 'waiting' {
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(garbage collector)') return 'memory';
  if (functionName.startsWith('RegExp: ')) return 'patterns';
  return sourcesOfActivities.find(([, pattern]) => pattern.test(source))?.[0] ?? 'rest';
}
