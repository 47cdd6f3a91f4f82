import type { Clock } from '../clock.ts';
import type { SqsQueue } from './sqs-queue.ts';
import type { SqsRecord } from './sqs-record.ts';

/**
 * Messages are taken for a few seconds at a time and the time is extended while the function runs,
 * up to the queue's visibility timeout. A function sees what AWS shows it; a service that is killed
 * gets its messages back soon instead of after minutes.
 */
export const LEASE_SECONDS = 10;
const EXTEND_EVERY_MS = 3_000;

const secondsUntil = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000));

/** Keeps received messages hidden until they are let go, or their visibility timeout is over. */
export class Lease {
  readonly #queue: SqsQueue;
  readonly #clock: Clock;
  readonly #until: number;
  #held: readonly SqsRecord[];
  #cancel: () => void = () => undefined;
  #extension: Promise<void> = Promise.resolve();
  #ended = false;

  /** @param receivedAt of the first of the messages, in milliseconds since the epoch */
  constructor(queue: SqsQueue, clock: Clock, records: readonly SqsRecord[], receivedAt: number) {
    this.#queue = queue;
    this.#clock = clock;
    this.#held = records;
    this.#until = receivedAt + queue.visibilitySeconds * 1000;
    this.#extendLater();
  }

  /** How long messages stay hidden whose processing failed: what is left of the visibility timeout. */
  get secondsLeft(): number {
    return secondsUntil(this.#until, this.#clock.now());
  }

  /** These messages are no longer extended; resolves when no extension of them is on its way. */
  async letGo(records: readonly SqsRecord[]): Promise<void> {
    const gone = new Set(records);
    this.#held = this.#held.filter((record) => !gone.has(record));
    await this.#extension;
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  #extendLater(): void {
    this.#cancel = this.#clock.after(EXTEND_EVERY_MS, () => {
      const seconds = Math.min(LEASE_SECONDS, this.secondsLeft);
      if (seconds === 0) return;
      // A failed extension is not an error: the messages then come back earlier, which at-least-once allows.
      this.#extension = this.#queue.hide(this.#held, seconds).catch(() => undefined);
      void this.#extension.then(() => {
        if (!this.#ended) this.#extendLater();
      });
    });
  }
}
