import { DEDUPLICATION_MS } from './limits.ts';

/** What the sender of a duplicate is answered: the ids of the message that was accepted. */
export interface Accepted {
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
}

interface Entry {
  readonly key: string;
  readonly until: number;
}

/** Above this many expired entries the list is cut. */
const COMPACT_AFTER = 1_024;

/**
 * Remembers for five minutes what a FIFO queue has accepted, whether or not the message was deleted since.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 */
export class Deduplication {
  readonly #accepted = new Map<string, Accepted>();
  /** In the order of time, from `#oldest` on. */
  #entries: Entry[] = [];
  #oldest = 0;

  find(key: string, now: number): Accepted | undefined {
    this.#expire(now);
    return this.#accepted.get(key);
  }

  remember(key: string, accepted: Accepted, now: number): void {
    this.#accepted.set(key, accepted);
    this.#entries.push({ key, until: now + DEDUPLICATION_MS });
  }

  #expire(now: number): void {
    for (;;) {
      const entry = this.#entries[this.#oldest];
      if (!entry || entry.until > now) break;
      this.#accepted.delete(entry.key);
      this.#oldest += 1;
    }
    if (this.#oldest < COMPACT_AFTER || this.#oldest < this.#entries.length / 2) return;
    this.#entries = this.#entries.slice(this.#oldest);
    this.#oldest = 0;
  }
}
