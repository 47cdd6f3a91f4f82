import { setTimeout as pause } from 'node:timers/promises';

/** A subscription of a topic, as another team has one. */
export interface TopicSubscription {
  /**
   * Takes and acknowledges what has arrived; waits about a second for the first message.
   *
   * @returns the bodies in the order of arrival, but for what a test itself has sent; none when nothing came
   */
  receive(): Promise<readonly string[]>;
  /** Ends the subscription: no event is sent to it any more. */
  close(): Promise<void>;
}

export interface SubscribeOptions {
  readonly topic: string;
  readonly subscriber: string;
  /** Whether the events of an aggregate come in their order. */
  readonly isOrdered: boolean;
  /** The types of the events that it wants; all by default. */
  readonly types?: readonly string[];
}

export interface SentMessage {
  /** What it is sorted by; a random one by default. */
  readonly subject?: string;
  /** One that the consumer wants. */
  readonly type: string;
  readonly body: string;
}

/** What is published through: queues of SQS, Service Bus, or Pub/Sub. */
export interface Broker {
  subscribe(options: SubscribeOptions): Promise<TopicSubscription>;
  /**
   * Sends a message to a consumer as a publisher does: SQS has a queue of the consumer for that, and the others have the topic,
   * so that the topic's other subscriptions that want the type get it, too.
   */
  send(topic: string, consumer: string, message: SentMessage): Promise<void>;
  /** Has a consumer's subscription dead-letter a message within seconds, where that takes minutes. @returns what undoes it */
  giveUpSoon?(topic: string, consumer: string): Promise<() => Promise<void>>;
  /** Takes what has been dead-lettered in a consumer's subscription. @returns the bodies */
  takeDeadLetters(topic: string, consumer: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** So long a subscription waits for a first message, in milliseconds. */
export const waitMs = 1_000;

/** What a client hands over as it comes. */
export class Arrivals<T> {
  readonly #arrived: T[] = [];
  #failure: Error | undefined;

  add(message: T): void {
    this.#arrived.push(message);
  }

  fail(failure: Error): void {
    this.#failure = failure;
  }

  /** @returns what has come; waits for a first message @throws what the client has failed with */
  async take(): Promise<readonly T[]> {
    const deadline = Date.now() + waitMs;
    const isWaiting = () => this.#arrived.length === 0 && this.#failure === undefined;
    while (isWaiting() && Date.now() < deadline) await pause(20);
    if (this.#failure) throw this.#failure;
    return this.#arrived.splice(0);
  }
}
