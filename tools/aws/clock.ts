/**
 * Where time comes from. Nothing in the embedded AWS asks the machine: the local platform passes `systemClock`, a
 * simulation a clock of its own.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls back once, after at least `ms` milliseconds.
   * @returns cancels the callback; harmless when it was called already
   */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's time. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Resolves with true after `ms` milliseconds, or with false as soon as `signal` is aborted.
 */
export const pause = (clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> => {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((done) => {
    const end = (elapsed: boolean): void => {
      cancel();
      signal?.removeEventListener('abort', abort);
      done(elapsed);
    };
    const abort = (): void => end(false);
    const cancel = clock.after(ms, () => end(true));
    signal?.addEventListener('abort', abort);
  });
};
