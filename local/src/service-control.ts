import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { findPlatform, type PlatformRecord } from './platform-record.ts';
import { composeServices, isListening } from './ports.ts';
import { serverlessBin } from './service-config.ts';

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

/**
 * Starts a service as a user would, `sls offline` in its folder: it joins the running platform and ends with it.
 * Resolves when it is ready.
 * @param env the environment that the platform was started with
 * @param output an open file for what it prints
 */
export const startService = async (
  stage: string,
  name: string,
  env = process.env,
  output: number | 'ignore' = 'ignore',
): Promise<void> => {
  const before = findPlatform(stage)?.services[name]?.pid;
  const argv = [serverlessBin(), 'offline', '--stage', stage];
  const cwd = composeServices().get(name);
  spawn(process.execPath, argv, { cwd, env, stdio: ['ignore', output, output], detached: true }).unref();
  const joined = async () => findPlatform(stage)?.services[name]?.pid !== before;
  await until(`${name} must start`, joined, 60_000);
};
