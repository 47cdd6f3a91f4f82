import type { Clock } from '../clock.ts';

/** Tries to receive; undefined when there is nothing. */
type Attempt<T> = () => T | undefined;

interface Waiter {
  attempt(): void;
}

/** The receives that wait for messages of one queue, in the order of their arrival. */
export class LongPoll<T> {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Lets those who wait try again, first come, first served. */
  wake(): void {
    for (const waiter of this.#waiters) waiter.attempt();
  }

  /**
   * @returns what an attempt received, or `nothing` after `ms` milliseconds or when the signal is aborted
   * @throws what an attempt throws
   */
  wait(ms: number, signal: AbortSignal, attempt: Attempt<T>, nothing: T): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        cancel();
        signal.removeEventListener('abort', leave);
        this.#waiters.delete(waiter);
        settle();
      };
      const leave = (): void => end(() => resolve(nothing));
      const waiter: Waiter = {
        attempt: () => {
          try {
            const received = attempt();
            if (received !== undefined) end(() => resolve(received));
          } catch (error) {
            end(() => reject(error));
          }
        },
      };
      const cancel = this.#clock.after(ms, leave);
      signal.addEventListener('abort', leave);
      this.#waiters.add(waiter);
      if (signal.aborted) leave();
    });
  }
}
