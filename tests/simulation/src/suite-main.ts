import { FIXED_SEEDS } from './fixed-seeds.ts';
import { isGood, type Run } from './outcome.ts';
import { Pool } from './pool.ts';
import { OrdersBar } from './progress.ts';
import { report } from './report.ts';
import { writeSources } from './sources.ts';
import { suiteProblems, suiteTasks } from './suite.ts';

/** Runs the seeds of the tests, and prints what they found. Exit code 0: every promise held. */
async function main(): Promise<void> {
  const tasks = [...suiteTasks(FIXED_SEEDS)];
  const pool = new Pool({ sources: await writeSources() });
  const total = tasks.reduce((sum, { orders }) => sum + orders, 0);
  const bar = new OrdersBar({ total, before: 0, visible: process.stderr.isTTY });
  const runs: Run[] = [];
  const done = (run: Run): void => {
    runs.push(run);
    bar.end(run.task.seed, run.task.orders);
  };
  await pool.runAll(() => tasks.shift(), done, bar.update);
  bar.stop();
  const problems = suiteProblems(runs, FIXED_SEEDS);
  process.stdout.write([report(runs), ...problems, ''].join('\n'));
  process.exitCode = problems.length === 0 && runs.every(isGood) ? 0 : 1;
}

main().catch((error: Error) => {
  process.stderr.write(`The simulation did not start: ${error.stack}\n`);
  process.exit(1);
});
