import { isDeepStrictEqual } from 'node:util';
import { type PackagedFunction, packageServices, type ServicePackage } from '@orderly/local/packages';
import type { Node } from '@orderly/support/node-versions';
import { median, type Quartiles, quartiles, rounded } from '@orderly/support/statistics';
import { measureShare } from '../limit/accuracy.ts';
import { type Run, runFunction } from '../run-function.ts';
import { startEndpoint } from './endpoint.ts';
import type { FunctionFigures, MemoryFigures, SettingFigures } from './figures.ts';
import { type Invoke, type Job, prepareJobs } from './jobs.ts';
import { shareOf } from './settings.ts';
import { startStandIn } from './stand-in.ts';

export interface Effort {
  readonly sizes: readonly number[];
  /** Fresh processes for each function and setting. */
  readonly rounds: number;
}

/** Of one process: the first, two that are not counted, and what is taken for warm. */
const calls = { all: 8, notWarm: 3 };
const loopMs = 100;
const loops = 3;

const whole = ({ q1, median, q3 }: Quartiles): Quartiles => ({
  q1: rounded(q1, 0),
  median: rounded(median, 0),
  q3: rounded(q3, 0),
});

function figuresOf(memoryMb: number, runs: readonly Run[]): SettingFigures {
  return {
    memoryMb,
    loadMs: whole(quartiles(runs.map(({ loadMs }) => loadMs))),
    firstMs: whole(quartiles(runs.map(({ loadMs, callsMs: [firstMs] }) => loadMs + firstMs))),
    warmMs: whole(quartiles(runs.flatMap(({ callsMs }) => callsMs.slice(calls.notWarm)))),
  };
}

/** @throws Error for an answer that does not have what the job's have */
function check({ name, answer }: Job, { answers }: Run): void {
  const isGood = (each: unknown) =>
    Object.entries(answer).every(([key, value]) => isDeepStrictEqual(Object(each)[key], value));
  const bad = answers.filter((each) => !isGood(each));
  if (bad.length > 0) throw new Error(`${name} answered ${JSON.stringify(bad[0])}`);
}

/** @returns the functions by `<service>/<function>` */
const byName = (packages: readonly ServicePackage[]): ReadonlyMap<string, PackagedFunction> =>
  new Map(
    packages.flatMap(({ functions }) => functions.map((fn) => [`${fn.service}/${fn.name}`, fn] as const)),
  );

/** What a template sets for a function. */
function memoryOf(packages: readonly ServicePackage[], name: string): number {
  const [service = '', fn = ''] = name.split('/');
  const { template } = packages.find((each) => each.service === service) ?? {};
  const found = Object.values(template?.Resources ?? {}).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties?.FunctionName === `${service}-dev-${fn}`,
  );
  if (found === undefined) throw new Error(`There is no function ${name}`);
  return Number(found.Properties?.MemorySize);
}

async function measureAccuracy(sizes: readonly number[]): Promise<MemoryFigures['accuracy']> {
  const accuracy: { memoryMb: number; ofShare: number }[] = [];
  for (const memoryMb of sizes) {
    const shares: number[] = [];
    for (let loop = 0; loop < loops; loop++)
      shares.push((await measureShare(shareOf(memoryMb), loopMs)) / shareOf(memoryMb));
    accuracy.push({ memoryMb, ofShare: rounded(median(shares), 2) });
  }
  return accuracy;
}

/** Every function with every setting: fresh processes, round by round, in the packages that a deploy would upload. */
export async function measure({ sizes, rounds }: Effort, node: Node): Promise<MemoryFigures> {
  const packages = await packageServices(['dev']);
  const functions = byName(packages);
  const standIn = await startStandIn(packages);
  const endpoint = await startEndpoint();

  async function run(name: string, events: readonly object[], share?: number): Promise<Run> {
    const fn = functions.get(name);
    if (fn === undefined) throw new Error(`There is no function ${name}`);
    return runFunction(fn, events, standIn.environment, { node: node.binary, ...(share && { share }) });
  }
  const invoke: Invoke = async (name, events) => (await run(name, events)).answers;

  /** Once with each setting. */
  async function measureJob(job: Job, runs: ReadonlyMap<number, Run[]>): Promise<void> {
    for (const [memoryMb, its] of runs) {
      const result = await run(job.name, await job.events(calls.all), shareOf(memoryMb));
      check(job, result);
      its.push(result);
    }
  }

  try {
    const jobs = await prepareJobs(invoke, endpoint.url, calls.all);
    const runs = new Map(jobs.map((job) => [job, new Map(sizes.map((size) => [size, [] as Run[]]))]));
    for (let round = 0; round < rounds; round++)
      for (const [job, ofJob] of runs) await measureJob(job, ofJob);
    const figures = [...runs].map(
      ([{ name, isAwaited }, ofJob]): FunctionFigures => ({
        name,
        isAwaited,
        memoryMb: memoryOf(packages, name),
        peakMiB: Math.round(Math.max(...[...ofJob.values()].flat().map(({ memoryMiB }) => memoryMiB))),
        settings: [...ofJob].map(([memoryMb, its]) => figuresOf(memoryMb, its)),
      }),
    );
    const sent = rounds * sizes.length * calls.all;
    if (endpoint.counted.requests !== sent)
      throw new Error(`Webhooks posted ${endpoint.counted.requests} times, not ${sent}`);
    return { node: node.version, rounds, functions: figures, accuracy: await measureAccuracy(sizes) };
  } finally {
    endpoint.stop();
    await standIn.stop();
  }
}
