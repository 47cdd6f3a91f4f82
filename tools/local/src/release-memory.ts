import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects what a start has left behind, once: half of a process's memory, which V8 would keep for as long as nothing
 * more is needed.
 */
export const releaseMemory = (): void => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  // The last resort also gives back what new objects had for themselves.
  if (typeof collect === 'function') collect({ type: 'major', flavor: 'last-resort' });
};
