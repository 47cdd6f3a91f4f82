import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { serverlessBin } from './service-config.ts';

/** Every worker has a heap of its own: its half for new objects stays at 4 MiB instead of 16. */
const SMALL_HEAPS = '--max-semi-space-size=4';
/** Ten frames, Node's default, end within the SDK. */
const LONG_STACKS = '--stack-trace-limit=30';
/**
 * glibc keeps two arenas for all threads instead of eight per processor, and gives back what is free at the end of one from
 * 128 KiB on: by default it waits for more and more, up to 64 MiB (mallopt(3), M_TRIM_THRESHOLD). Other C libraries
 * ignore both.
 */
const GIVE_BACK = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Runs `sls offline` in a service's folder, without npx or a shell in between: the child is the service itself. */
export const spawnOffline = (
  cwd: string,
  stage: string,
  { env, ...options }: Pick<SpawnOptions, 'env' | 'stdio' | 'detached'>,
): ChildProcess =>
  spawn(process.execPath, [SMALL_HEAPS, LONG_STACKS, serverlessBin(), 'offline', '--stage', stage], {
    cwd,
    env: { ...GIVE_BACK, ...env },
    ...options,
  });
