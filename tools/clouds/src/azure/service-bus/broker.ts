import { randomUUID } from 'node:crypto';
import type { Clock } from '@orderly/aws/clock';
import type { Entities } from './entities.ts';
import { badArgument, notFound, serverBusy } from './errors.ts';
import type { MessageContent } from './message.ts';
import type { Counts, MessageQueue } from './message-queue.ts';
import { Topic } from './topic.ts';

export interface BrokerOptions {
  readonly clock: Clock;
  /** Makes lock tokens; random ones unless given. */
  readonly uuid?: () => string;
}

export interface SubscriptionCounts extends Counts {
  /** E.g. `local-order-events/Subscriptions/inventory`. */
  readonly path: string;
  readonly deadLettered: number;
}

export interface TopicCounts {
  readonly name: string;
  readonly scheduled: number;
  readonly subscriptions: readonly SubscriptionCounts[];
}

/** `topic/Subscriptions/name`, or the same with `/$DeadLetterQueue`; names of entities are case-insensitive. */
const SUBSCRIPTION_PATH = /^(.+)\/subscriptions\/([^/]+?)(\/\$deadletterqueue)?$/i;

/** A namespace of Service Bus in memory, without any protocol. */
export class Broker {
  readonly #options: Required<BrokerOptions>;
  readonly #topics = new Map<string, Topic>();
  #failing = false;

  constructor({ clock, uuid = randomUUID }: BrokerOptions) {
    this.#options = { clock, uuid };
  }

  /** Adds entities. @throws ServiceBusError for one that Azure refuses, or that is there already */
  define({ topics }: Entities): void {
    for (const definition of topics) {
      const key = definition.name.toLowerCase();
      if (this.#topics.has(key)) throw badArgument(`There is a topic '${definition.name}' already.`);
      this.#topics.set(key, new Topic(definition, this.#options));
    }
  }

  get failing(): boolean {
    return this.#failing;
  }

  /** While on, everything that is asked is refused as by a busy server, and nothing is delivered. */
  fail(on: boolean): void {
    this.#failing = on;
    if (!on) for (const queue of this.#queues()) queue.wake();
  }

  /** @throws ServiceBusError while failing */
  check(): void {
    if (this.#failing) throw serverBusy();
  }

  /** @throws ServiceBusError `amqp:not-found` */
  topic(name: string): Topic {
    const topic = this.#topics.get(name.toLowerCase());
    if (topic === undefined) throw notFound(name);
    return topic;
  }

  /** @throws ServiceBusError `amqp:not-found` */
  queue(path: string): MessageQueue {
    const [, topic = '', name = '', dead] = SUBSCRIPTION_PATH.exec(path) ?? [];
    const subscription = this.#topics.get(topic.toLowerCase())?.subscription(name);
    const queue = dead === undefined ? subscription : subscription?.deadLetters;
    if (queue === undefined) throw notFound(path);
    return queue;
  }

  /** @returns the sequence numbers. @throws ServiceBusError for what cannot be taken, and while failing */
  publish(topic: string, contents: readonly MessageContent[]): readonly number[] {
    this.check();
    return this.topic(topic).publish(contents);
  }

  counts(): readonly TopicCounts[] {
    return [...this.#topics.values()].map(({ name, scheduledCount, queues }) => ({
      name,
      scheduled: scheduledCount,
      subscriptions: queues.map((queue) => ({
        path: queue.path,
        ...queue.counts(),
        deadLettered: queue.deadLetters?.counts().active ?? 0,
      })),
    }));
  }

  close(): void {
    for (const topic of this.#topics.values()) topic.close();
  }

  *#queues(): Iterable<MessageQueue> {
    for (const { queues } of this.#topics.values())
      for (const queue of queues) {
        yield queue;
        if (queue.deadLetters) yield queue.deadLetters;
      }
  }
}
