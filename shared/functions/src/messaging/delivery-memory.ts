import type { OutboxMessage } from './outbox-message.ts';

/** How an event left the publisher for one target. */
type Done = 'sent' | 'parked';

/** Events that this many others have followed will hardly come again to this container. */
const capacity = 10_000;

/**
 * What targets have taken of stream records that come again, so that a retry repeats nothing to them. In memory: another
 * container does not know it, and a FIFO queue drops copies for five minutes only.
 */
export class DeliveryMemory {
  /** By event, then by the URL of the target. Empty unless something has failed. */
  readonly #done = new Map<string, Map<string, Done>>();

  get isEmpty(): boolean {
    return this.#done.size === 0;
  }

  /** @returns undefined when the target still has to get it, as far as is known here */
  find(message: OutboxMessage, targetUrl: string): Done | undefined {
    return this.#done.get(keyOf(message))?.get(targetUrl);
  }

  remember(message: OutboxMessage, targetUrl: string, done: Done): void {
    const key = keyOf(message);
    const targets = this.#done.get(key) ?? new Map<string, Done>();
    this.#done.set(key, targets.set(targetUrl, done));
    const [oldest] = this.#done.keys();
    if (this.#done.size > capacity && oldest !== undefined) this.#done.delete(oldest);
  }

  /** These do not come again. */
  forget(messages: readonly OutboxMessage[]): void {
    if (!this.isEmpty) for (const message of messages) this.#done.delete(keyOf(message));
  }
}

/** An entry that is broken may have no id, so the record is part of it. */
const keyOf = ({ sequenceNumber, deduplicationId }: OutboxMessage): string =>
  `${sequenceNumber} ${deduplicationId}`;
