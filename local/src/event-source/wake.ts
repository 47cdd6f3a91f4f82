/**
 * Ends the pauses between polls: when a function of this service has ended, its table may have changed, and whoever
 * waits for that need not wait for the next poll. What others write is found by polling.
 */
export class Wake {
  readonly #sleepers = new Set<() => void>();

  /** Everybody who sleeps goes on. */
  readonly up = (): void => {
    for (const wake of [...this.#sleepers]) wake();
  };

  /** @returns whether it was woken; false when the time is over or `signal` is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((done) => {
      const end = (woken: boolean) => () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#sleepers.delete(wake);
        done(woken);
      };
      const wake = end(true);
      const stop = end(false);
      const timer = setTimeout(stop, ms);
      signal.addEventListener('abort', stop);
      this.#sleepers.add(wake);
    });
  }
}
