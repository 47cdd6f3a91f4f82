import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { npmCommand } from '@orderly/local/npm';
import { findPlatform, type PlatformRecord } from '@orderly/local/platform';

/** `npm run example -- <name>`: packs the contracts, installs them in an example, and runs it on the platform of `npm start`. */

const root = resolve(__dirname, '..');

function findExample(name = ''): string {
  const examples = readdirSync(__dirname).filter((entry) =>
    existsSync(join(__dirname, entry, 'package.json')),
  );
  if (examples.includes(name)) return join(__dirname, name);
  throw new Error(`Which example? npm run example -- ${examples.join(' | ')}`);
}

function runningPlatform(stage = process.env.ORDERLY_STAGE ?? 'dev'): PlatformRecord {
  const platform = findPlatform(stage);
  if (platform !== undefined) return platform;
  throw new Error(`No platform is running for stage ${stage}. Start it in another terminal: npm start`);
}

function npm(args: readonly string[], cwd: string): ChildProcess {
  const command = npmCommand(args);
  return spawn(command.program, command.args, { cwd, stdio: 'inherit' });
}

/** Runs the example's script `start`, without npm and a shell in between: signals reach the example itself. */
function start(cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const [, ...args] = String(scripts.start).split(' ');
  return spawn(process.execPath, args, { cwd, env, stdio: 'inherit' });
}

async function finished(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function step(args: readonly string[], cwd: string): Promise<void> {
  const code = await finished(npm(args, cwd));
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code} in ${cwd}`);
}

async function main(): Promise<void> {
  const folder = findExample(process.argv[2]);
  const { stage, region, sqs, dynamodb, pid, services } = runningPlatform();
  await step(['run', '--silent', 'contracts:pack'], root);
  // npm would reuse a package installed from a tarball of the same name.
  rmSync(join(folder, 'node_modules/@orderly'), { recursive: true, force: true });
  await step(['install', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  const example = start(folder, {
    ...process.env,
    STAGE: stage,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...(services.webhooks && { WEBHOOKS_API: services.webhooks.url }),
    // Each start of the platform is empty, so it needs an empty spool.
    SPOOL: join(folder, 'spool', `${stage}-${pid}`),
  });
  // The terminal sends Ctrl-C to the example, too: wait until it has finished its work.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => example.kill('SIGTERM'));
  process.exitCode = await finished(example);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
