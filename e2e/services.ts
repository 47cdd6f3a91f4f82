import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { eventually } from './eventually.ts';
import { platform, urlOf } from './platform.ts';

/** Ends a service's process at once, as a crash would. Its port is closed when this resolves. */
export async function killService(name: string): Promise<void> {
  const service = platform().services[name];
  if (service === undefined) throw new Error(`There is no service ${name}`);
  process.kill(service.pid, 'SIGKILL');
  await eventually(async () => {
    await expect(fetch(service.url)).rejects.toThrow();
  });
}

/** Starts a service as a user would, `sls offline` in its folder; it joins the running platform. */
export async function startService(name: string): Promise<ChildProcess> {
  const sls = createRequire(__filename).resolve('serverless/bin/serverless.js');
  const folder = resolve(__dirname, '../services', name);
  const child = spawn(process.execPath, [sls, 'offline', '--stage', platform().stage], {
    cwd: folder,
    stdio: 'ignore',
  });
  await eventually(async () => {
    expect((await fetch(urlOf(name))).status).toBe(404);
  }, 60_000);
  return child;
}

/** Ends a service that `startService` started. */
export async function stopService(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
