import { setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrStartPlatform } from '@orderly/support/platform';
import { CommanderError } from 'commander';
import { messageOf } from './failure.ts';
import { generateInvoices } from './generate.ts';
import { GENERATED_INVOICES, type Options, parseOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { RetailCsvError, readRetailCsv } from './retail-csv.ts';
import { runWorkload } from './run.ts';
import { type Summary, summarise } from './summary.ts';
import { toTable } from './table.ts';
import { planWorkload } from './workload.ts';

/** The same variable as `npm start` reads. */
const STAGE = process.env.ORDERLY_STAGE?.trim() || 'dev';

/** Two minutes: longer than a service takes to be killed and started again. */
const STALL_MS = 120_000;

/** Where a platform that the demo starts writes what it prints; each run begins it anew. */
const PLATFORM_LOG = join(tmpdir(), 'orderly-demo-platform.log');

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The invoices that the options ask for, and what they are, for people. */
const openSource = async ({ file, limit, seed }: Options) => {
  if (file !== undefined) return { name: file, invoices: await readRetailCsv(file, limit) };
  const count = limit ?? GENERATED_INVOICES;
  return { name: `${count} generated invoices, seed ${seed}`, invoices: generateInvoices(seed, count) };
};

const demo = async (options: Options, signal: AbortSignal): Promise<Summary> => {
  const source = await openSource(options);
  const workload = planWorkload(source.invoices);
  const lease = await findOrStartPlatform(STAGE, { log, logFile: PLATFORM_LOG });
  try {
    const result = await runWorkload(lease, {
      workload,
      stock: options.stock,
      concurrency: options.concurrency,
      stallMs: STALL_MS,
      signal,
      log,
      progress: createProgress(process.stderr.isTTY && !options.json),
    });
    return summarise(source.name, workload.tally, result);
  } finally {
    await lease.release();
  }
};

const main = async (): Promise<number> => {
  const stop = new AbortController();
  // Every request and wait in flight listens to it; that is no leak.
  setMaxListeners(0, stop.signal);
  const interrupt = (): void => {
    log('Stopping.');
    stop.abort(new Error('Interrupted'));
  };
  // Once: a second Ctrl-C ends the process at once.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    // npm runs the script in the workspace's folder; INIT_CWD is where the user stands.
    const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    const summary = await demo(options, stop.signal);
    process.stdout.write(`${options.json ? JSON.stringify(summary) : toTable(summary)}\n`);
    return summary.ok ? 0 : 1;
  } catch (error) {
    return explain(error, stop.signal.aborted);
  }
};

const explain = (error: unknown, interrupted: boolean): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (interrupted) return 130;
  if (error instanceof RetailCsvError) {
    log(`demo: ${error.message}`);
    return 2;
  }
  log(`demo failed: ${messageOf(error)}`);
  return 1;
};

process.exitCode = await main();
