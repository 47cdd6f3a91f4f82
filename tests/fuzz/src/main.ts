import './environment.ts';
import '../../support/jest/patient-clients.ts';
import { parseArgs } from 'node:util';
import { startTestEmulators } from '@orderly/local/testing';
import { answerHelp } from '@orderly/local/version';
import { report } from './report.ts';
import { runFuzz } from './run.ts';

const usage = 'npm run test:fuzz -- [--runs 50000] [--seed 1]';

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${name} is a whole number from 1, not "${text}". Usage: ${usage}`);
}

async function main(): Promise<void> {
  answerHelp(`Usage: ${usage}`);
  const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
  const runs = wholeNumber('runs', values.runs, 50_000);
  const seed = wholeNumber('seed', values.seed, Date.now() % 2 ** 31);
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
