import type { Clock } from '@orderly/aws/clock';
import {
  checkName,
  type QueueDefinition,
  type QueueSettings,
  readDuplicatesWindow,
  readSettings,
  readSubscription,
  type SubscriptionDefinition,
  type TopicDefinition,
} from './entities.ts';
import { alreadyExists } from './errors.ts';
import { Intake } from './intake.ts';
import { MessageQueue } from './message-queue.ts';
import type { Filter } from './rule.ts';
import type { Watch } from './watch.ts';

export interface Surroundings {
  readonly clock: Clock;
  /** Makes lock tokens. */
  readonly uuid: () => string;
  readonly watch: Watch | undefined;
}

/** A topic, or a queue: the latter is what takes messages and the one who has them at once. */
export interface Entity {
  readonly intake: Intake;
  /** By name in lower case; '' for the messages of a queue. */
  readonly queues: ReadonlyMap<string, MessageQueue>;
  /** Only a topic has subscriptions. */
  readonly subscriptions?: Subscriptions;
}

interface Subscriptions {
  /** @throws ServiceBusError for what Azure refuses, and for a name that another one has */
  add(definition: SubscriptionDefinition): void;
  /** @returns whether there was one */
  remove(name: string): boolean;
}

const openQueue = (path: string, settings: QueueSettings, surroundings: Surroundings): MessageQueue => {
  const common = { ...settings, ...surroundings };
  const deadLetters = new MessageQueue({
    ...common,
    path: `${path}/$DeadLetterQueue`,
    requiresSession: false,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
  });
  return new MessageQueue({ ...common, path }, deadLetters);
};

/** It copies each message to the subscriptions whose rules match. @throws ServiceBusError for what Azure refuses */
export const openTopic = (definition: TopicDefinition, surroundings: Surroundings): Entity => {
  const { name } = definition;
  checkName('topic', name);
  const queues = new Map<string, MessageQueue>();
  const filtersOf = new Map<MessageQueue, readonly Filter[]>();
  const add = (subscription: SubscriptionDefinition): void => {
    const { filters, ...settings } = readSubscription(subscription);
    const path = `${name}/Subscriptions/${settings.name}`;
    const key = settings.name.toLowerCase();
    if (queues.has(key)) throw alreadyExists(path);
    const queue = openQueue(path, settings, surroundings);
    queues.set(key, queue);
    filtersOf.set(queue, filters);
  };
  for (const subscription of definition.subscriptions) add(subscription);
  const intake = new Intake({
    name,
    clock: surroundings.clock,
    duplicatesMs: readDuplicatesWindow(definition.duplicateDetectionMs),
    requiresSession: false,
    deliver(content, sequenceNumber) {
      surroundings.watch?.published(name, content);
      for (const [queue, filters] of filtersOf)
        if (filters.some((matches) => matches(content))) queue.add(content, sequenceNumber);
    },
  });
  const remove = (subscription: string): boolean => {
    const queue = queues.get(subscription.toLowerCase());
    if (queue) filtersOf.delete(queue);
    return queues.delete(subscription.toLowerCase());
  };
  return { intake, queues, subscriptions: { add, remove } };
};

/** @throws ServiceBusError for what Azure refuses */
export const openQueueEntity = (definition: QueueDefinition, surroundings: Surroundings): Entity => {
  const { name } = definition;
  checkName('queue', name);
  const settings = readSettings(definition);
  const queue = openQueue(name, settings, surroundings);
  const intake = new Intake({
    name,
    clock: surroundings.clock,
    duplicatesMs: readDuplicatesWindow(definition.duplicateDetectionMs),
    requiresSession: settings.requiresSession,
    deliver: (content, sequenceNumber) => queue.add(content, sequenceNumber),
  });
  return { intake, queues: new Map([['', queue]]) };
};
