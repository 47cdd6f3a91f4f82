import { setTimeout } from 'node:timers/promises';
import { isDeployed } from './platform.ts';

/** A deployed stage has cold starts, and looks for subscriptions once a minute. */
const PATIENCE = isDeployed() ? 2 : 1;

/**
 * Tries `assertion` until it holds, and returns what it returned.
 *
 * @param withinMs how long it may take locally, in milliseconds, on a busy machine; a deployed stage has twice that
 * @throws what the assertion threw last
 */
export async function eventually<T>(assertion: () => Promise<T> | T, withinMs = 120_000): Promise<T> {
  const deadline = Date.now() + withinMs * PATIENCE;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await setTimeout(100);
    }
  }
}
