import type { Clock } from '@orderly/aws/clock';
import { checkName, readDuplicatesWindow, readSubscription, type TopicDefinition } from './entities.ts';
import { badArgument, ServiceBusError } from './errors.ts';
import { checkMessage, checkSize, type MessageContent, sizeOf } from './message.ts';
import { MessageQueue } from './message-queue.ts';
import type { Filter } from './rule.ts';

interface Subscription {
  readonly queue: MessageQueue;
  readonly filters: readonly Filter[];
}

interface Scheduled {
  cancel(): void;
}

/** Takes messages and copies each to the subscriptions whose rules match. */
export class Topic {
  readonly name: string;
  readonly #clock: Clock;
  readonly #duplicatesMs: number | undefined;
  readonly #subscriptions: ReadonlyMap<string, Subscription>;
  readonly #scheduled = new Map<number, Scheduled>();
  /** Ids of messages, in the order of the time until which they are remembered. */
  readonly #remembered = new Map<string, number>();
  #lastSequenceNumber = 0;

  /** @throws ServiceBusError for a definition that Azure refuses */
  constructor(
    definition: TopicDefinition,
    { clock, uuid }: { readonly clock: Clock; readonly uuid: () => string },
  ) {
    const { name } = definition;
    checkName('topic', name);
    this.name = name;
    this.#clock = clock;
    this.#duplicatesMs = readDuplicatesWindow(definition.duplicateDetectionMs);
    this.#subscriptions = new Map(
      definition.subscriptions.map((subscription) => {
        const { filters, ...settings } = readSubscription(subscription);
        const path = `${name}/Subscriptions/${settings.name}`;
        const deadLetters = new MessageQueue({
          ...settings,
          clock,
          uuid,
          path: `${path}/$DeadLetterQueue`,
          requiresSession: false,
          maxDeliveryCount: Number.POSITIVE_INFINITY,
        });
        const queue = new MessageQueue({ ...settings, clock, uuid, path }, deadLetters);
        return [settings.name.toLowerCase(), { queue, filters }];
      }),
    );
  }

  get queues(): readonly MessageQueue[] {
    return [...this.#subscriptions.values()].map(({ queue }) => queue);
  }

  get scheduledCount(): number {
    return this.#scheduled.size;
  }

  subscription(name: string): MessageQueue | undefined {
    return this.#subscriptions.get(name.toLowerCase())?.queue;
  }

  /**
   * Takes all messages of a batch, or none.
   * @returns their sequence numbers
   * @throws ServiceBusError when one of them, or all together, cannot be taken
   */
  publish(contents: readonly MessageContent[]): readonly number[] {
    for (const content of contents) {
      checkMessage(content);
      if (this.#duplicatesMs !== undefined && content.messageId === undefined)
        throw badArgument(`The topic '${this.name}' detects duplicates: its messages need an id.`);
    }
    checkSize(contents.reduce((bytes, content) => bytes + sizeOf(content), 0));
    return contents.map((content) => this.#take(content));
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
    const delayMs = (content.scheduledAt ?? 0) - this.#clock.now();
    if (delayMs > 0) {
      const cancel = this.#clock.after(delayMs, () => {
        this.#scheduled.delete(sequenceNumber);
        this.#enqueue(content, sequenceNumber);
      });
      this.#scheduled.set(sequenceNumber, { cancel });
    } else this.#enqueue(content, sequenceNumber);
    return sequenceNumber;
  }

  #enqueue(content: MessageContent, sequenceNumber: number): void {
    for (const { queue, filters } of this.#subscriptions.values())
      if (filters.some((matches) => matches(content))) queue.add(content, sequenceNumber);
  }

  /** Source: https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection */
  #isDuplicate({ messageId }: MessageContent): boolean {
    if (this.#duplicatesMs === undefined || messageId === undefined) return false;
    const now = this.#clock.now();
    for (const [id, until] of this.#remembered) {
      if (until > now) break;
      this.#remembered.delete(id);
    }
    if (this.#remembered.has(messageId)) return true;
    this.#remembered.set(messageId, now + this.#duplicatesMs);
    return false;
  }
}
