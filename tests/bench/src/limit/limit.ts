import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Gives a process, with all its threads, a share of one core. Needs no privileges: it is stopped and continued by
 * signals, see limiter.cjs.
 *
 * @param share above 0 and at most 1
 * @returns when the limit holds; it ends with the process
 */
export async function limitProcess(pid: number, share: number): Promise<void> {
  const argv = [join(__dirname, 'limiter.cjs'), String(pid), String(share)];
  const limiter = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(limiter.stdout, 'data');
}
