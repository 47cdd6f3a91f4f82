import { setTimeout as delay } from 'node:timers/promises';
import { spawnOffline } from './offline-process.ts';
import { findPlatform, type PlatformRecord } from './platform-record.ts';
import { isListening } from './ports.ts';
import { folderOf } from './services.ts';

const POLL_MS = 50;

const until = async (what: string, holds: () => Promise<boolean>, withinMs: number): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what} within ${withinMs / 1000} s: it did not.`);
    await delay(POLL_MS);
  }
};

/**
 * Ends a service of a running platform at once, as a crash would. Its port is closed when this resolves.
 * @throws Error for a service that the platform does not have
 */
export const killService = async ({ services }: PlatformRecord, name: string): Promise<void> => {
  const service = services[name];
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  process.kill(service.pid, 'SIGKILL');
  const port = Number(new URL(service.url).port);
  await until(`${name} must end`, async () => !(await isListening(port)), 10_000);
};

export interface StartOptions {
  /** The environment that the platform was started with. */
  readonly env?: NodeJS.ProcessEnv;
  /** An open file for what it prints. */
  readonly output?: number | 'ignore';
  /** How long it may take, in milliseconds. */
  readonly withinMs?: number;
}

/**
 * Starts a service as a user would, `sls offline` in its folder: it joins the running platform and ends with it.
 * Resolves when it is ready.
 * @throws Error when it ends at once, or takes too long
 */
export const startService = async (
  stage: string,
  name: string,
  { env = process.env, output = 'ignore', withinMs = 60_000 }: StartOptions = {},
): Promise<void> => {
  const before = findPlatform(stage)?.services[name]?.pid;
  const child = spawnOffline(folderOf(name), stage, {
    env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  child.unref();
  const joined = async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode} while it started.`);
    return findPlatform(stage)?.services[name]?.pid !== before;
  };
  await until(`${name} must start`, joined, withinMs);
};
