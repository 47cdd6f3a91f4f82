import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { limitProcess } from './limit.ts';

/**
 * What a share of a core really is: a program that only computes has it.
 *
 * @param workMs how much processor time it uses
 * @returns that time by the time that it took; less than the share on a machine that is busy with other programs
 */
export async function measureShare(share: number, workMs: number): Promise<number> {
  const child = spawn(process.execPath, [join(__dirname, 'loop.cjs'), String(workMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('The loop did not start');
  await limitProcess(child.pid, share);
  child.stdin.end();
  const { tookMs, usedMs } = JSON.parse(await text(child.stdout)) as Readonly<
    Record<'tookMs' | 'usedMs', number>
  >;
  return usedMs / tookMs;
}
