import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { quartiles } from '@orderly/support/statistics';
import { Command } from 'commander';
import { markdown } from '../table.ts';
import { type Variant, variantsIn } from './variants.ts';

// How long a function loads on each cloud, in fresh processes of this machine: `npm run bench:clouds`. What a platform itself
// takes to start a container is no part of it, nor is the first request.

const parent = resolve(__dirname, '../../../../.orderly');
/** They warm up the disk. */
const warmUpRounds = 2;

const { rounds } = new Command('npm run bench:clouds --')
  .version(readVersion())
  .description('Measures how long a function loads on AWS, Azure and Google Cloud.')
  .option('--rounds <n>', 'fresh processes of each', wholeNumber(1, 1_000), 21)
  .parse()
  .opts<{ readonly rounds: number }>();

interface Load {
  readonly loadMs: number;
  readonly memoryMiB: number;
}

async function load({ files, environment: env }: Variant): Promise<Load> {
  const argv = [join(__dirname, 'load.cjs'), ...files];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env, timeout: 30_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Load;
}

function row({ name, files }: Variant, loads: readonly Load[]): readonly string[] {
  const { q1, median, q3 } = quartiles(loads.map(({ loadMs }) => loadMs));
  const memory = quartiles(loads.map(({ memoryMiB }) => memoryMiB)).median;
  return [
    name,
    (statSync(files.at(-1) ?? '').size / 1_000).toFixed(0),
    `${median.toFixed(0)} (${q1.toFixed(0)} to ${q3.toFixed(0)})`,
    memory.toFixed(0),
  ];
}

async function main(): Promise<void> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'bench-'));
  try {
    const variants = await variantsIn(folder);
    const loads = new Map<Variant, Load[]>(variants.map((variant) => [variant, []]));
    for (let round = -warmUpRounds; round < rounds; round++) {
      const first = Math.abs(round) % variants.length;
      for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
        const measured = await load(variant);
        if (round >= 0) loads.get(variant)?.push(measured);
      }
    }
    const title = `Load under Node.js ${process.versions.node}: medians of ${rounds} fresh processes, quartiles in brackets`;
    const columns = ['what is loaded', 'bundle kB', 'load ms', 'peak memory MiB'];
    const rows = [...loads].map(([variant, all]) => row(variant, all));
    process.stdout.write(`${markdown({ title, columns, rows })}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
