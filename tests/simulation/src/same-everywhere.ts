import { installedNode, nodeOfLine } from '@orderly/support/node-versions';
import { wholeNumber } from '@orderly/support/options';
import { Command } from 'commander';
import type { Run, Task } from './outcome.ts';
import { Pool } from './pool.ts';
import type { ProcessOptions } from './seed-process.ts';
import { writeSources } from './sources.ts';

interface Place extends Pick<ProcessOptions, 'node' | 'env'> {
  readonly name: string;
}

interface Options {
  readonly seeds: number;
  readonly orders: number;
  readonly node: readonly string[];
}

const parser = new Command('npm run test:determinism --')
  .description('Runs seeds at several places: every seed must have the same history everywhere.')
  .option('--seeds <n>', 'seeds 1 to n', wholeNumber(1, 10_000), 12)
  .option('--orders <n>', 'orders of each seed', wholeNumber(1, 10_000), 60)
  .option('--node <line...>', 'other versions of Node.js, from npm', ['20', '22', '24']);

/** This machine twice, as if it stood somewhere else, and other versions of Node.js. */
const placesOf = ({ node }: Options): readonly Place[] => [
  { name: `Node.js ${installedNode.version}` },
  { name: 'the same again, in Tokyo and in German', env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' } },
  ...node.map((line) => {
    const { version, binary } = nodeOfLine(line);
    return { name: `Node.js ${version}`, node: binary };
  }),
];

const hashOf = ({ outcome }: Run): string =>
  outcome.outcome === 'judged' ? outcome.result.hash : `${outcome.outcome}: ${outcome.error}`;

/** Exit code 0: every seed has one history. */
async function main(): Promise<void> {
  const options = parser.parse().opts<Options>();
  const sources = await writeSources();
  const hashes = new Map<number, Map<string, readonly string[]>>();
  for (const { name, ...where } of placesOf(options)) {
    const tasks = Array.from(
      { length: options.seeds },
      (_, n): Task => ({
        ...{ seed: n + 1, orders: options.orders, faults: 'swarm' },
      }),
    );
    const done = (run: Run): void => {
      const places = hashes.get(run.task.seed) ?? new Map<string, readonly string[]>();
      places.set(hashOf(run), [...(places.get(hashOf(run)) ?? []), name]);
      hashes.set(run.task.seed, places);
    };
    process.stderr.write(`${options.seeds} seeds of ${options.orders} orders: ${name}\n`);
    await new Pool({ sources, ...where }).runAll(
      () => tasks.shift(),
      done,
      () => undefined,
    );
  }
  for (const [seed, places] of [...hashes].sort(([one], [other]) => one - other))
    for (const [hash, names] of places) process.stdout.write(`seed ${seed}  ${hash}  ${names.join(', ')}\n`);
  process.exitCode = [...hashes.values()].every(({ size }) => size === 1) ? 0 : 1;
}

main().catch((error: Error) => {
  process.stderr.write(`The simulation did not start: ${error.stack}\n`);
  process.exit(1);
});
