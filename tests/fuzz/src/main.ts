import './environment.ts';
import '../../support/jest/patient-clients.ts';
import { startTestEmulators } from '@orderly/local/testing';
import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command } from 'commander';
import { report } from './report.ts';
import { runFuzz } from './run.ts';

const command = new Command('npm run test:fuzz --')
  .version(readVersion())
  .description('Tries every route and every consumer with hostile inputs.')
  .option('--runs <n>', 'how many inputs in all, at least', wholeNumber(1, Number.MAX_SAFE_INTEGER), 50_000)
  .option('--seed <n>', 'repeat the inputs of an earlier run', wholeNumber(1, Number.MAX_SAFE_INTEGER));

async function main(): Promise<void> {
  const { runs, seed = 1 + (Date.now() % 2 ** 31) } = command
    .parse()
    .opts<{ readonly runs: number; readonly seed?: number }>();
  process.stderr.write(`Seed ${seed}. Starting the emulators.\n`);
  const emulators = await startTestEmulators();
  try {
    const begun = performance.now();
    const results = await runFuzz({ runs, seed, endpoints: emulators });
    process.stdout.write(`${report(results, seed, (performance.now() - begun) / 1000)}\n`);
    process.exitCode = results.some(({ failure }) => failure !== undefined) ? 1 : 0;
  } finally {
    await emulators.stop();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`The fuzz suite failed: ${error.message}\n`);
  process.exit(1);
});
