import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { readVersion } from '@orderly/local/version';
import { Command, Option } from 'commander';

/** Cold starts, and publishers that look for subscriptions once a minute. */
const STAGE_TEST_TIMEOUT_MS = 600_000;

const command = new Command('npm run test:e2e --')
  .version(readVersion())
  .description('Whole-platform tests, against a local platform of their own or a deployed stage.')
  .option('--stage <name>', 'test this deployed stage; the credentials and region are those of your shell')
  .addOption(
    new Option('--cloud <name>', 'test the platform on the libraries of another cloud').choices([
      'azure',
      'google',
    ]),
  )
  .option('--auth', 'have callers show tokens, of an issuer that is started, too')
  .argument('[jest...]', "Jest's own options and file patterns")
  .allowUnknownOption()
  .parse();

const { stage, cloud, auth } = command.opts<{ stage?: string; cloud?: string; auth?: true }>();
const jest = join(resolve(__dirname, '../..'), 'node_modules/jest/bin/jest.js');
const order = ['--testSequencer', join(__dirname, 'jest/sequencer.cjs')];
const args = [jest, '--selectProjects', 'e2e', '--runInBand', ...order, ...command.args];
if (stage !== undefined) args.push('--testTimeout', String(STAGE_TEST_TIMEOUT_MS));
spawn(process.execPath, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(stage !== undefined && { ORDERLY_E2E_STAGE: stage }),
    ...(cloud !== undefined && { ORDERLY_E2E_CLOUD: cloud }),
    ...(command.args.length === 0 && { ORDERLY_E2E_WHOLE: '1' }),
    ...(auth && { ORDERLY_E2E_AUTH: '1' }),
  },
}).once('exit', (code) => {
  process.exitCode = code ?? 1;
});
