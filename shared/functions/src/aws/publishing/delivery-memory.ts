import type { OutboxMessage } from './outbox-message.ts';

/** How an event left the publisher for one target. */
type Outcome = 'sent' | 'parked';

/** A retry of an event is unlikely in this container once so many others have followed it. */
const capacity = 10_000;

/**
 * Which events of retried stream records each target has, so that a retry repeats nothing to it. In memory: another
 * container does not know them, and a FIFO queue drops duplicates for five minutes only.
 */
export class DeliveryMemory {
  /** By event, then by the URL of the target. Empty unless something has failed. */
  readonly #outcomes = new Map<string, Map<string, Outcome>>();

  get isEmpty(): boolean {
    return this.#outcomes.size === 0;
  }

  /** @returns undefined when the target does not have it, as far as this container knows */
  find(message: OutboxMessage, targetUrl: string): Outcome | undefined {
    return this.#outcomes.get(keyOf(message))?.get(targetUrl);
  }

  remember(message: OutboxMessage, targetUrl: string, outcome: Outcome): void {
    const key = keyOf(message);
    const targets = this.#outcomes.get(key) ?? new Map<string, Outcome>();
    this.#outcomes.set(key, targets.set(targetUrl, outcome));
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > capacity && oldest !== undefined) this.#outcomes.delete(oldest);
  }

  /** For events that will not be retried. */
  delete(messages: readonly OutboxMessage[]): void {
    if (!this.isEmpty) for (const message of messages) this.#outcomes.delete(keyOf(message));
  }
}

/** A broken entry may have no id, so the record's position is a part of the key. */
const keyOf = ({ sequenceNumber, deduplicationId }: OutboxMessage): string =>
  `${sequenceNumber} ${deduplicationId}`;
