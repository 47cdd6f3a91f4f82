import { setTimeout as delay } from 'node:timers/promises';

/** Repeats an assertion until it holds, at most `limitMs`; then fails as it failed last. */
export const eventually = async <T>(assertion: () => T | Promise<T>, limitMs = 60_000): Promise<T> => {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
};
