import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlatformRecord } from './platform-record.ts';
import { type Env, repositoryRoot } from './ports.ts';
import { askToStop } from './stop-child.ts';

export {
  type CloudBroker,
  findPlatform,
  type PlatformRecord,
  type ServiceRecord,
} from './platform-record.ts';

export interface RunningPlatform extends PlatformRecord {
  /** Stops everything that was started; resolves when the processes are gone. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Added to this process's environment, e.g. other ports; undefined removes a variable. */
  readonly env?: Env;
  /** Gets every line the platform prints. */
  readonly log?: (line: string) => void;
  /** Whether callers need tokens, of an issuer that is started, too. */
  readonly auth?: boolean;
  /** On the libraries of another cloud than AWS. */
  readonly cloud?: PlatformRecord['cloud'];
  /** Whether it serves its console; true by default. */
  readonly console?: boolean;
  /** The root of the checkout whose platform is started; this one by default. */
  readonly root?: string;
}

const KEPT_LINES = 40;

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  askToStop(child);
  await exited;
};

const follow = (child: ChildProcess, log: (line: string) => void): readonly string[] => {
  const last: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue;
    createInterface({ input: output }).on('line', (line) => {
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
      log(line);
    });
  }
  return last;
};

const readyRecord = (child: ChildProcess, lines: readonly string[]): Promise<PlatformRecord> =>
  new Promise((done, fail) => {
    child.on('message', (message: { type?: string; record: PlatformRecord }) => {
      if (message.type === 'ready') done(message.record);
    });
    child.once('error', fail);
    child.once('close', (code) =>
      fail(new Error(`Orderly did not start (exit code ${code}):\n${lines.join('\n')}`)),
    );
  });

/**
 * Starts the whole platform in a process of its own, as `npm start` does, and waits until it is
 * ready. It ends with this process, however this one ends.
 * @throws Error with the last lines it printed when it does not start
 */
export const startPlatform = async ({
  env = {},
  log = () => {},
  auth = false,
  cloud,
  console = true,
  root = repositoryRoot,
}: StartOptions = {}): Promise<RunningPlatform> => {
  const argv = [
    '--require',
    'tsx/cjs',
    join(root, 'tools/local/src/start.ts'),
    '--json',
    ...(auth ? ['--auth'] : []),
    ...(cloud === undefined ? [] : ['--cloud', cloud]),
    ...(console ? [] : ['--no-console']),
  ];
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines = follow(child, log);
  const record = await readyRecord(child, lines);
  return { ...record, stop: () => stopChild(child) };
};
