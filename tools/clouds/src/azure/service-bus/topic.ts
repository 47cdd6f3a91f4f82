import type { Clock } from '@orderly/aws/clock';
import {
  checkName,
  type QueueDefinition,
  type QueueSettings,
  readDuplicatesWindow,
  readSettings,
  readSubscription,
  type TopicDefinition,
} from './entities.ts';
import { Intake } from './intake.ts';
import { MessageQueue } from './message-queue.ts';

export interface Surroundings {
  readonly clock: Clock;
  /** Makes lock tokens. */
  readonly uuid: () => string;
}

/** A topic, or a queue: the latter is what takes messages and the one who has them at once. */
export interface Entity {
  readonly intake: Intake;
  /** By name in lower case; '' for the messages of a queue. */
  readonly queues: ReadonlyMap<string, MessageQueue>;
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
  const subscriptions = definition.subscriptions.map((subscription) => {
    const { filters, ...settings } = readSubscription(subscription);
    const path = `${name}/Subscriptions/${settings.name}`;
    return { filters, name: settings.name, queue: openQueue(path, settings, surroundings) };
  });
  const intake = new Intake({
    name,
    clock: surroundings.clock,
    duplicatesMs: readDuplicatesWindow(definition.duplicateDetectionMs),
    requiresSession: false,
    deliver(content, sequenceNumber) {
      for (const { queue, filters } of subscriptions)
        if (filters.some((matches) => matches(content))) queue.add(content, sequenceNumber);
    },
  });
  return { intake, queues: new Map(subscriptions.map((each) => [each.name.toLowerCase(), each.queue])) };
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
