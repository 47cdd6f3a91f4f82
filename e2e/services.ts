import { spawn } from 'node:child_process';
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

/** Starts a service as a user would, `sls offline` in its folder; it joins the running platform and ends with it. */
export async function startService(name: string): Promise<void> {
  const sls = createRequire(__filename).resolve('serverless/bin/serverless.js');
  const cwd = resolve(__dirname, '../services', name);
  const argv = [sls, 'offline', '--stage', platform().stage];
  spawn(process.execPath, argv, { cwd, stdio: 'ignore', detached: true }).unref();
  await eventually(async () => {
    expect((await fetch(urlOf(name))).status).toBe(404);
  }, 60_000);
}
