import { randomUUID } from 'node:crypto';
import type { Clock } from '@orderly/aws/clock';
import type { Entities, SubscriptionDefinition } from './entities.ts';
import { badArgument, notFound, serverBusy } from './errors.ts';
import type { Intake } from './intake.ts';
import type { MessageContent } from './message.ts';
import type { Counts, MessageQueue } from './message-queue.ts';
import { type Entity, openQueueEntity, openTopic, type Surroundings } from './topic.ts';
import type { Watch } from './watch.ts';

export interface BrokerOptions {
  readonly clock: Clock;
  /** Makes lock tokens; random ones unless given. */
  readonly uuid?: () => string;
  readonly watch?: Watch | undefined;
}

export interface QueueCounts extends Counts {
  /** E.g. `local-order-events/Subscriptions/inventory`, or a queue's name. */
  readonly path: string;
  readonly deadLettered: number;
}

export interface EntityCounts {
  /** A topic's or a queue's. */
  readonly name: string;
  readonly scheduled: number;
  /** A topic's subscriptions, or the queue itself. */
  readonly queues: readonly QueueCounts[];
}

/** The name of a topic or queue, a subscription, and whether it is their dead-letter queue. Names are case-insensitive. */
const PATH = /^(.+?)(?:\/subscriptions\/([^/]+?))?(\/\$deadletterqueue)?$/i;

/** A namespace of Service Bus in memory, without any protocol. */
export class Broker {
  readonly #surroundings: Surroundings;
  readonly #entities = new Map<string, Entity>();
  #failing = false;

  constructor({ clock, uuid = randomUUID, watch }: BrokerOptions) {
    this.#surroundings = { clock, uuid, watch };
  }

  /** Adds entities. @throws ServiceBusError for one that Azure refuses, or whose name another one has */
  define({ topics = [], queues = [] }: Entities): void {
    for (const topic of topics) this.#add(openTopic(topic, this.#surroundings));
    for (const queue of queues) this.#add(openQueueEntity(queue, this.#surroundings));
  }

  /** @throws ServiceBusError for what Azure refuses, for a name that another one has, and where there is no such topic */
  addSubscription(topic: string, definition: SubscriptionDefinition): void {
    this.#subscriptionsOf(topic).add(definition);
  }

  /**
   * Removes a subscription with its messages. Whoever receives from it gets nothing more; Service Bus would close the link.
   * @throws ServiceBusError `amqp:not-found`
   */
  removeSubscription(topic: string, name: string): void {
    if (!this.#subscriptionsOf(topic).remove(name)) throw notFound(`${topic}/Subscriptions/${name}`);
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

  /** A topic or queue to send to. @throws ServiceBusError `amqp:not-found` */
  intake(name: string): Intake {
    const entity = this.#entities.get(name.toLowerCase());
    if (entity === undefined) throw notFound(name);
    return entity.intake;
  }

  /** A queue, subscription or dead-letter queue to receive from. @throws ServiceBusError `amqp:not-found` */
  queue(path: string): MessageQueue {
    const [, name = '', subscription = '', dead] = PATH.exec(path) ?? [];
    const main = this.#entities.get(name.toLowerCase())?.queues.get(subscription.toLowerCase());
    const queue = dead === undefined ? main : main?.deadLetters;
    if (queue === undefined) throw notFound(path);
    return queue;
  }

  /** Whatever a path names. @throws ServiceBusError `amqp:not-found` */
  checkPath(path: string): void {
    if (!this.#entities.has(path.toLowerCase())) this.queue(path);
  }

  /** @returns the sequence numbers. @throws ServiceBusError for what cannot be taken, and while failing */
  publish(name: string, contents: readonly MessageContent[]): readonly number[] {
    this.check();
    return this.intake(name).publish(contents);
  }

  counts(): readonly EntityCounts[] {
    return [...this.#entities.values()].map(({ intake, queues }) => ({
      name: intake.name,
      scheduled: intake.scheduledCount,
      queues: [...queues.values()].map((queue) => ({
        path: queue.path,
        ...queue.counts(),
        deadLettered: queue.deadLetters?.counts().active ?? 0,
      })),
    }));
  }

  close(): void {
    for (const { intake } of this.#entities.values()) intake.close();
  }

  #subscriptionsOf(topic: string): NonNullable<Entity['subscriptions']> {
    const subscriptions = this.#entities.get(topic.toLowerCase())?.subscriptions;
    if (subscriptions === undefined) throw notFound(topic);
    return subscriptions;
  }

  #add(entity: Entity): void {
    const { name } = entity.intake;
    if (this.#entities.has(name.toLowerCase())) throw badArgument(`There is an entity '${name}' already.`);
    this.#entities.set(name.toLowerCase(), entity);
  }

  *#queues(): Iterable<MessageQueue> {
    for (const { queues } of this.#entities.values())
      for (const queue of queues.values()) {
        yield queue;
        if (queue.deadLetters) yield queue.deadLetters;
      }
  }
}
