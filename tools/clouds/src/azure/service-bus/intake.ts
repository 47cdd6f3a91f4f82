import type { Clock } from '@orderly/aws/clock';
import { badArgument, notAllowed, ServiceBusError } from './errors.ts';
import { checkMessage, checkSize, type MessageContent, sizeOf } from './message.ts';

interface Scheduled {
  cancel(): void;
}

export interface IntakeOptions {
  readonly name: string;
  readonly clock: Clock;
  /** How long the ids of messages are remembered; undefined where duplicates are not detected. */
  readonly duplicatesMs: number | undefined;
  /** Whether a message needs a session. */
  readonly requiresSession: boolean;
  readonly deliver: (content: MessageContent, sequenceNumber: number) => void;
}

/** What senders send to: it takes the messages of a topic or a queue. */
export class Intake {
  readonly name: string;
  readonly #options: IntakeOptions;
  readonly #scheduled = new Map<number, Scheduled>();
  /** Ids of messages, in the order of the time until which they are remembered. */
  readonly #remembered = new Map<string, number>();
  #lastSequenceNumber = 0;

  constructor(options: IntakeOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get scheduledCount(): number {
    return this.#scheduled.size;
  }

  /**
   * Takes all messages of a batch, or none.
   * @returns their sequence numbers
   * @throws ServiceBusError when one of them, or all together, cannot be taken
   */
  publish(contents: readonly MessageContent[]): readonly number[] {
    for (const content of contents) this.#check(content);
    checkSize(contents.reduce((bytes, content) => bytes + sizeOf(content), 0));
    return contents.map((content) => this.#take(content));
  }

  #check(content: MessageContent): void {
    checkMessage(content);
    if (this.#options.duplicatesMs !== undefined && content.messageId === undefined)
      throw badArgument(`'${this.name}' detects duplicates: its messages need an id.`);
    if (this.#options.requiresSession && content.sessionId === undefined)
      throw notAllowed(
        'The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.',
      );
  }

  /**
   * Takes back what was to be enqueued later.
   * @throws ServiceBusError when it was enqueued or there is none of that number
   */
  cancel(sequenceNumbers: readonly number[]): void {
    const scheduled = sequenceNumbers.map((sequenceNumber) => {
      const found = this.#scheduled.get(sequenceNumber);
      if (found !== undefined) return { sequenceNumber, ...found };
      throw new ServiceBusError(
        'com.microsoft:message-not-found',
        `There is no scheduled message ${sequenceNumber}.`,
      );
    });
    for (const { sequenceNumber, cancel } of scheduled) {
      cancel();
      this.#scheduled.delete(sequenceNumber);
    }
  }

  close(): void {
    for (const { cancel } of this.#scheduled.values()) cancel();
  }

  #take(content: MessageContent): number {
    this.#lastSequenceNumber += 1;
    const sequenceNumber = this.#lastSequenceNumber;
    // A duplicate is accepted, and dropped.
    if (this.#isDuplicate(content)) return sequenceNumber;
    const delayMs = (content.scheduledAt ?? 0) - this.#options.clock.now();
    if (delayMs > 0) {
      const cancel = this.#options.clock.after(delayMs, () => {
        this.#scheduled.delete(sequenceNumber);
        this.#options.deliver(content, sequenceNumber);
      });
      this.#scheduled.set(sequenceNumber, { cancel });
    } else this.#options.deliver(content, sequenceNumber);
    return sequenceNumber;
  }

  /** Source: https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection */
  #isDuplicate({ messageId }: MessageContent): boolean {
    const { duplicatesMs } = this.#options;
    if (duplicatesMs === undefined || messageId === undefined) return false;
    const now = this.#options.clock.now();
    for (const [id, until] of this.#remembered) {
      if (until > now) break;
      this.#remembered.delete(id);
    }
    if (this.#remembered.has(messageId)) return true;
    this.#remembered.set(messageId, now + duplicatesMs);
    return false;
  }
}
