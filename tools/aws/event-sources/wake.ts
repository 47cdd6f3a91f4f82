import type { Clock } from '../clock.ts';

/**
 * Ends the pauses between polls: when a function of this service has ended, its table may have changed, so readers poll at
 * once. Writes of others are found by the next regular poll.
 */
export class Wake {
  readonly #clock: Clock;
  readonly #sleepers = new Set<() => void>();
  #times = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The number of wake-ups; to be read before the poll whose pause follows. */
  get times(): number {
    return this.#times;
  }

  /** Ends all pauses. */
  readonly up = (): void => {
    this.#times += 1;
    for (const end of [...this.#sleepers]) end();
  };

  /**
   * Resolves when woken, when the time is over, or when `signal` is aborted.
   * @param since what `times` was before the last poll: a function that ended during it may have been too late for it
   */
  sleep(since: number, ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#times > since) return Promise.resolve();
    return new Promise((done) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#sleepers.delete(end);
        done();
      };
      const cancel = this.#clock.after(ms, end);
      signal.addEventListener('abort', end);
      this.#sleepers.add(end);
    });
  }
}
