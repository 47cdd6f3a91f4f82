import { explainSeed } from './explain/explain.ts';
import { findDefects } from './find-defects.ts';
import { longRun } from './long-run.ts';
import { type Options, parseOptions } from './options.ts';
import { isGood, type Run } from './outcome.ts';
import { Pool } from './pool.ts';
import { OrdersBar } from './progress.ts';
import { report, reportJson } from './report.ts';
import { shrinkSeed } from './shrink.ts';
import { type SourcesFile, writeSources } from './sources.ts';
import { taskOf } from './task.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs the seeds side by side. @returns those that were done when the pool was stopped */
async function runSeeds(options: Options, pool: Pool): Promise<readonly Run[]> {
  const { seed, seeds, orders, history } = options;
  const tasks = Array.from({ length: seeds }, (_, n) => ({
    ...taskOf(options, seed + n),
    ...(history !== undefined && { history }),
  }));
  const runs: Run[] = [];
  const bar = new OrdersBar({ total: seeds * orders, before: 0, visible: process.stderr.isTTY });
  const done = (run: Run): void => {
    runs.push(run);
    bar.end(run.task.seed, run.task.orders);
  };
  await pool.runAll(() => tasks.shift(), done, bar.update);
  bar.stop();
  return runs.sort((one, other) => one.task.seed - other.task.seed);
}

/** What the command does with seeds of the sources as they are. */
type SeedJob = Exclude<Options['job'], { readonly kind: 'defects' }>;

async function runJob(
  job: SeedJob,
  options: Options,
  pool: Pool,
  sources: SourcesFile,
): Promise<readonly Run[]> {
  switch (job.kind) {
    case 'run':
      return runSeeds(options, pool);
    case 'explain':
      return explainSeed(options, pool, job.about);
    case 'shrink':
      return shrinkSeed(options, pool, say);
    case 'long run':
      return longRun(options, pool, { ...{ total: job.total, sources: sources.hash, say } });
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const { job } = options;
  say(job.kind === 'defects' ? 'Bundling the platform.' : `Seed ${options.seed}. Bundling the platform.`);
  const sources = await writeSources();
  const pool = new Pool({ sources });
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted = true;
      pool.stop();
    });
  if (job.kind === 'defects') {
    const write = (text: string): void => void process.stdout.write(text);
    process.exitCode = (await findDefects({ pool, name: job.name, write, note: say })) ? 0 : 1;
    return;
  }
  const runs = await runJob(job, options, pool, sources);
  if (job.kind !== 'explain') process.stdout.write(`${options.json ? reportJson(runs) : report(runs)}\n`);
  process.exitCode = runs.every(isGood) ? 0 : 1;
  if (!interrupted) return;
  say('Interrupted: only the seeds that were done are counted.');
  process.exitCode = 130;
}

main().catch((error: Error) => {
  say(`The simulation did not start: ${error.stack ?? error.message}`);
  process.exit(1);
});
