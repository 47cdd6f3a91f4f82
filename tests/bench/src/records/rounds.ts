import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Node } from '@orderly/support/node-versions';
import { bundle, bundleContainer, bundleForProfile } from './bundles.ts';
import { type Container, startContainer } from './containers.ts';
import { type ContenderName, contenders, inputs, profiledInputs, type RecordFigures } from './contenders.ts';
import { profile } from './profile.ts';

export interface Effort {
  /** How often every container is started anew: what was compiled when differs between them. */
  readonly generations: number;
  /** Rounds of a generation. */
  readonly rounds: number;
  /** How long a container runs in a round, about. */
  readonly roundMs: number;
  readonly warmUpMs: number;
  /** How long our consumer is profiled, with each of its inputs. */
  readonly profileMs: number;
}

/** Microseconds of a record, one sample of each contender for every round. */
export type Samples = ReadonlyMap<ContenderName, readonly number[]>;

const names = Object.keys(contenders) as readonly ContenderName[];
const batchesOfInput = 50;

interface Runner {
  readonly name: ContenderName;
  readonly container: Container;
  readonly recordsPerCall: number;
  readonly callsPerRound: number;
}

/** Takes turns: each round has every contender once, so that what else the machine does meets them all. */
export async function measureRounds(
  effort: Effort,
  node: Node,
): Promise<{ readonly samples: Samples; readonly profile: RecordFigures['profile'] }> {
  const parent = resolve(__dirname, '../../../../.orderly');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'records-'));
  const samples = new Map<ContenderName, number[]>(names.map((name) => [name, []]));
  try {
    const start = await prepare(folder, node);
    for (let generation = 0; generation < effort.generations; generation++) {
      const runners: Runner[] = [];
      try {
        for (const name of names) runners.push(await warmUp(name, await start(name), effort));
        for (let round = 0; round < effort.rounds; round++) {
          for (const { name, container, recordsPerCall, callsPerRound } of runners) {
            const milliseconds = await container.run(callsPerRound);
            samples.get(name)?.push((milliseconds * 1000) / (callsPerRound * recordsPerCall));
          }
        }
      } finally {
        for (const { container } of runners) container.stop();
      }
    }
    return { samples, profile: await profileConsumer(folder, effort, node) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function profileConsumer(
  folder: string,
  { warmUpMs, profileMs: forMs }: Effort,
  node: Node,
): Promise<RecordFigures['profile']> {
  const bundle = await bundleForProfile(folder);
  const profiles = [];
  for (const input of profiledInputs) {
    const files = { program: join(folder, 'container.cjs'), bundle, inputs: join(folder, `${input}.json`) };
    const shares = await profile(
      { ...files, folder: join(folder, `profile, ${input}`) },
      { warmUpMs, forMs },
      node,
    );
    profiles.push([input, shares] as const);
  }
  // Every input has a profile.
  return Object.fromEntries(profiles) as RecordFigures['profile'];
}

/** Bundles the functions and writes what they are given. @returns a function that starts a container */
async function prepare(folder: string, node: Node): Promise<(name: ContenderName) => Promise<Container>> {
  const program = await bundleContainer(folder);
  const bundles = new Map<string, string>();
  for (const { source } of Object.values(contenders)) {
    if (!bundles.has(source)) bundles.set(source, await bundle(source, folder));
  }
  for (const [input, batch] of Object.entries(inputs)) {
    const batches = Array.from({ length: batchesOfInput }, () => batch());
    writeFileSync(join(folder, `${input}.json`), JSON.stringify(batches));
  }
  return async (name) => {
    const { source, exported, input } = contenders[name];
    const file = bundles.get(source) ?? '';
    const files = { program, bundle: file, exported, inputs: join(folder, `${input}.json`) };
    return startContainer(files, node);
  };
}

/** Lets the code be compiled, and finds out how many calls fill a round. */
async function warmUp(name: ContenderName, container: Container, effort: Effort): Promise<Runner> {
  const { givesBack, input } = contenders[name];
  if (container.givenBack !== givesBack) {
    throw new Error(`${name} gave ${container.givenBack} records back, not ${givesBack}`);
  }
  const recordsPerCall = inputs[input]().Records.length;
  let calls = 10;
  for (let spent = 0; spent < effort.warmUpMs; ) {
    const milliseconds = await container.run(calls);
    spent += milliseconds;
    calls = Math.max(1, Math.round((calls * effort.roundMs) / milliseconds));
  }
  return { name, container, recordsPerCall, callsPerRound: calls };
}
