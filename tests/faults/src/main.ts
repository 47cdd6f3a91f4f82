import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import type { Evidence } from '@orderly/support/evidence';
import { planFlashSale, planLoad, TWO_TRANSACTIONS } from '@orderly/support/plan';
import { lineWriter } from '@orderly/support/platform';
import { type Check, found } from '@orderly/support/verdict';
import { startFaultyCloud } from './clouds/faulty-cloud.ts';
import { runCloudUnderFaults } from './clouds/run.ts';
import { startFaultyPlatform } from './faulty-platform.ts';
import { type Options, parseOptions } from './options.ts';
import { figuresOf, isGood, neverInjected, report } from './report.ts';
import { newRun, type RunOptions, type RunResult, runUnderFaults } from './run.ts';

/** Longer than a wake-up whose function was killed stays away, or a mail whose attempt was. */
const STALL_MS = 45_000;
/** How long a customer looks at an order that is not decided. */
const PATIENCE_MS = 8_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** One in so many orders of a flash sale can be served. */
const WANTED_BY = 4;

function runOptions(options: Options): RunOptions {
  const { orders = Number.MAX_SAFE_INTEGER, minutes, seed, concurrency, flashSale } = options;
  const run = newRun();
  const pieces = Math.floor(orders / WANTED_BY);
  const common = {
    seed,
    run,
    orders,
    until: minutes === undefined ? new AbortController().signal : AbortSignal.timeout(minutes * 60_000),
    concurrency,
    patienceMs: PATIENCE_MS,
    stallMs: STALL_MS,
    webhooks: true,
    log: say,
  };
  if (!flashSale) return { ...common, plan: planLoad({ seed, run, orders, largest: TWO_TRANSACTIONS }) };
  const plan = planFlashSale({ run, orders, pieces });
  return { ...common, plan, promise: (evidence) => soldOut(evidence, pieces) };
}

/** A flash sale sells every piece, once: nothing of it came back, so no order was refused too early. */
function soldOut({ orders }: Evidence, pieces: number): Check {
  const sold = orders.filter(({ status }) => status === 'CONFIRMED').length;
  const harm = sold > pieces ? 'oversold' : 'lost';
  const findings = sold === pieces ? [] : [found(harm, `${sold} of ${pieces} pieces were sold`)];
  return { name: 'a flash sale sells every piece once', checked: orders.length, findings };
}

function print(result: RunResult, json: boolean): void {
  const { faults, findings, seed, seconds } = result;
  const plain = { seed, seconds, ...figuresOf(result), faults: Object.fromEntries(faults), findings };
  process.stdout.write(
    `${json ? JSON.stringify({ ...plain, neverInjected: neverInjected(result) }) : report(result)}\n`,
  );
}

/** Runs against a platform, which ends with it or with a signal. */
async function against<Platform extends { stop(): Promise<void> }>(
  platform: Platform,
  run: (platform: Platform) => Promise<RunResult>,
  { json, logFile }: { readonly json: boolean; readonly logFile: string },
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void platform.stop().finally(() => process.exit(130)));
  try {
    const result = await run(platform);
    print(result, json);
    process.exitCode = isGood(result) ? 0 : 1;
    if (process.exitCode) say(`What the platform said is in ${logFile}.`);
  } finally {
    await platform.stop();
  }
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const { cloud, seed, json } = options;
  const logFile = join(repositoryRoot, '.orderly', `faults${cloud ? `-${cloud}` : ''}.log`);
  const log = lineWriter(logFile);
  say(`Seed ${seed}. Starting the platform.`);
  const run = runOptions(options);
  const judged = { json, logFile };
  if (cloud)
    await against(
      await startFaultyCloud({ cloud, log }),
      (platform) => runCloudUnderFaults(platform, run),
      judged,
    );
  else await against(await startFaultyPlatform({ log }), (platform) => runUnderFaults(platform, run), judged);
}

main().catch((error: Error) => {
  say(`The fault suite failed: ${error.stack ?? error.message}`);
  process.exit(1);
});
