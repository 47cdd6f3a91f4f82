import type { Scheduler } from './scheduler.ts';

/** Wakes the readers of a table's stream when it was written to, so that nobody has to poll through quiet hours. */
export class StreamWake {
  readonly #scheduler: Scheduler;
  /** How long a reader takes to see a record, in milliseconds. */
  readonly #delayMs: () => number;
  readonly #sleepers = new Set<() => void>();
  #times = 0;

  constructor(scheduler: Scheduler, delayMs: () => number) {
    this.#scheduler = scheduler;
    this.#delayMs = delayMs;
  }

  get times(): number {
    return this.#times;
  }

  readonly written = (): void => {
    this.#times += 1;
    for (const wake of [...this.#sleepers]) wake();
  };

  /** Resolves some time after a write, or when `signal` is aborted; a reader looks every few minutes anyway. */
  sleep(since: number, _ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        this.#sleepers.delete(wake);
        resolve();
      };
      const wake = (): void => {
        this.#sleepers.delete(wake);
        cancel();
        cancel = this.#scheduler.after(this.#delayMs(), end);
      };
      signal.addEventListener('abort', end);
      if (signal.aborted) return end();
      cancel = this.#scheduler.after(LOOK_EVERY_MS, end);
      this.#sleepers.add(wake);
      if (this.#times > since) wake();
    });
  }
}

/** Shorter than an iterator lives. */
const LOOK_EVERY_MS = 5 * 60_000;
