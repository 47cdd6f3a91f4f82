import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';

const POLL_MS = 100;

/** @returns whether the lock is ours now */
const take = async (lockFile: string): Promise<boolean> => {
  try {
    await writeFile(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (Object(error).code !== 'EEXIST') throw error;
    const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''));
    // Its holder was killed. One that reads 0 is about to write its id, or has just let go.
    if (holder > 0 && !isAlive(holder)) await rm(lockFile, { force: true });
    return false;
  }
};

/** Runs a task while no other process of this machine runs one under the same lock file. */
export const exclusively = async <T>(lockFile: string, task: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(lockFile), { recursive: true });
  while (!(await take(lockFile))) await delay(POLL_MS);
  try {
    return await task();
  } finally {
    await rm(lockFile, { force: true });
  }
};
