import { setTimeout } from 'node:timers/promises';

/**
 * Tries `assertion` until it holds, and returns what it returned.
 *
 * @param withinMs how long it may take, in milliseconds
 * @throws what the assertion threw last
 */
export async function eventually<T>(assertion: () => Promise<T> | T, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await setTimeout(100);
    }
  }
}
