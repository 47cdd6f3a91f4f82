import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { serverlessBin } from './service-config.ts';

/**
 * Every worker has a heap of its own: its half for new objects stays at 4 MiB instead of 16, and the C library keeps two
 * arenas for all threads instead of eight per processor. That is about a fifth of a platform's memory.
 */
const SMALL_HEAPS = '--max-semi-space-size=4';
/** Ten frames, Node's default, end within the SDK. */
const LONG_STACKS = '--stack-trace-limit=30';
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** Runs `sls offline` in a service's folder, without npx or a shell in between: the child is the service itself. */
export const spawnOffline = (
  cwd: string,
  stage: string,
  { env, ...options }: Pick<SpawnOptions, 'env' | 'stdio' | 'detached'>,
): ChildProcess =>
  spawn(process.execPath, [SMALL_HEAPS, LONG_STACKS, serverlessBin(), 'offline', '--stage', stage], {
    cwd,
    env: { ...FEW_ARENAS, ...env },
    ...options,
  });
