import { setTimeout as pause } from 'node:timers/promises';

/** A deployed stage has cold starts, and looks for subscriptions once a minute. */
const PATIENCE = process.env.ORDERLY_DEPLOYED_STAGE === undefined ? 1 : 2;

/**
 * Tries `assertion` until it holds.
 *
 * @param withinMs how long it may take locally, in milliseconds, on a busy machine; a deployed stage has twice that
 * @returns what the assertion returned
 * @throws what the assertion threw last
 */
export async function eventually<T>(assertion: () => Promise<T> | T, withinMs = 120_000): Promise<T> {
  const deadline = Date.now() + withinMs * PATIENCE;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(Math.min(100, 20 * attempt));
    }
  }
}
