import type { StoredMessage } from './message.ts';

/** Messages in the order of their sequence numbers: all of a subscription, or those of one session. */
export class Lane {
  readonly #messages = new Map<number, StoredMessage>();

  get size(): number {
    return this.#messages.size;
  }

  append(message: StoredMessage): void {
    this.#messages.set(message.sequenceNumber, message);
  }

  delete({ sequenceNumber }: StoredMessage): void {
    this.#messages.delete(sequenceNumber);
  }

  /** The first message that nobody has locked. */
  next(): StoredMessage | undefined {
    for (const message of this.#messages.values()) if (message.lock === undefined) return message;
    return undefined;
  }

  [Symbol.iterator](): Iterator<StoredMessage> {
    return this.#messages.values();
  }
}
