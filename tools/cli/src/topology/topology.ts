import type { SQSClient } from '@aws-sdk/client-sqs';
import { eventDefinitions, eventTypes, type Topic } from '@orderly/contracts';
import { describeQueue, listQueues, unknownEvents } from '@orderly/functions/aws/publishing/subscriptions';
import { readName } from '../dead-letters/dead-letter-queue.ts';
import { Failure } from '../failure.ts';
import { type Depth, depthOf, totalOf } from '../queues/depth.ts';
import { oldestAges } from '../queues/oldest-age.ts';
import { nameOf } from '../queues/queue-name.ts';
import { findUrl } from '../queues/queue-url.ts';
import type { Session } from '../session.ts';
import { publishers } from './publishers.ts';
import {
  deadLetterCounts,
  type PublisherDeadLetters,
  publisherDeadLetters,
  stuckTopics,
} from './stuck-topics.ts';

export interface SubscriptionView extends Depth {
  readonly queue: string;
  readonly consumer: string;
  /** The names or types of the events that it asks for; empty: all. */
  readonly events: readonly string[];
  /** Those of them that the topic does not have, as far as the contracts here know: nothing comes for them. */
  readonly unknownEvents: readonly string[];
  /** Seconds that its oldest message has waited; null where nobody measures it. */
  readonly oldestAge: number | null;
  /** Null when it has no dead-letter queue of the usual name. */
  readonly deadLetters: number | null;
}

export interface TopicView extends PublisherDeadLetters {
  readonly topic: string;
  /** The service of this repository that publishes it. */
  readonly publisher: string | null;
  readonly subscriptions: readonly SubscriptionView[];
  /** What keeps its events from subscriptions, and what to do; empty when they flow. */
  readonly stuck: readonly string[];
}

/** A queue by which a service wakes itself; no event is in it. */
export interface WakeUpsView extends Depth {
  readonly queue: string;
  readonly service: string;
  /** Seconds that its oldest message has waited; null where nobody measures it. */
  readonly oldestAge: number | null;
  readonly deadLetters: number;
}

export interface Topology {
  readonly stage: string;
  readonly topics: readonly TopicView[];
  readonly wakeUps: readonly WakeUpsView[];
}

/**
 * The topics that the contracts know, and what is there of them in a stage.
 *
 * @throws Failure when nothing is there at all
 */
export async function readTopology(session: Session): Promise<Topology> {
  const { clients, stage } = session;
  const names = [...new Set(eventDefinitions.map(({ topic }) => topic))];
  const dead = await deadLetterCounts(session);
  const published = publishers();
  const ofPublishers = publisherDeadLetters(stage, dead);
  const stuck = await stuckTopics(session, ofPublishers);
  const topics = await Promise.all(
    names.map(async (topic): Promise<TopicView> => {
      const urls = await listQueues(clients.sqs, `${stage}-${topic}--`);
      const ages = await oldestAges(session, urls.map(nameOf));
      const views = await Promise.all(urls.map((url) => subscriptionAt(clients.sqs, topic, url, ages)));
      const present = views.filter((view) => view !== undefined);
      return {
        topic,
        publisher: published.get(topic) ?? null,
        subscriptions: present
          .map((view) => ({ ...view, deadLetters: dead.get(deadLetterQueueOf(stage, view.queue)) ?? null }))
          .sort((a, b) => (a.queue < b.queue ? -1 : 1)),
        ...(ofPublishers.get(topic) ?? { parked: null, streamFailures: null }),
        stuck: stuck.get(topic) ?? [],
      };
    }),
  );
  if (dead.size === 0 && topics.every(({ subscriptions }) => subscriptions.length === 0)) {
    throw new Failure(`Stage ${stage} has no queue here. Is it deployed, and is this the right region?`);
  }
  return { stage, topics, wakeUps: await wakeUpQueues(session, dead) };
}

/** Found by their dead-letter queues, which all of them have. */
async function wakeUpQueues(
  session: Session,
  dead: ReadonlyMap<string, number>,
): Promise<readonly WakeUpsView[]> {
  const { clients, stage } = session;
  const found = [...dead].flatMap(([name, deadLetters]) => {
    const queue = readName(stage, name);
    return queue.kind === 'wake-ups' ? [{ queue: queue.source, service: queue.service, deadLetters }] : [];
  });
  const ages = await oldestAges(
    session,
    found.map(({ queue }) => queue),
  );
  const views = await Promise.all(
    found.map(async (view): Promise<readonly WakeUpsView[]> => {
      const url = await findUrl(clients.sqs, view.queue);
      const depth = url === undefined ? undefined : await depthOf(clients.sqs, url);
      if (depth === undefined) return [];
      return [{ ...view, ...depth, oldestAge: totalOf(depth) === 0 ? null : (ages.get(view.queue) ?? null) }];
    }),
  );
  return views.flat();
}

const deadLetterQueueOf = (stage: string, queue: string): string =>
  `${stage}-dlq--${queue.slice(`${stage}-`.length)}`;

async function subscriptionAt(
  sqs: SQSClient,
  topic: Topic,
  url: string,
  ages: ReadonlyMap<string, number>,
): Promise<Omit<SubscriptionView, 'deadLetters'> | undefined> {
  const [depth, subscription] = await Promise.all([depthOf(sqs, url), describeQueue(sqs, url)]);
  if (depth === undefined || subscription === undefined) return undefined;
  const { events } = subscription;
  const queue = nameOf(url);
  const [, ...consumer] = queue.replace(/\.fifo$/, '').split('--');
  const oldestAge = totalOf(depth) === 0 ? null : (ages.get(queue) ?? null);
  return {
    ...{
      queue,
      consumer: consumer.join('--'),
      events,
      unknownEvents: unknownEvents(eventTypes[topic], events),
    },
    ...depth,
    oldestAge,
  };
}

/** `OrderShiped (unknown)`: what a subscription asks for, with a mark where nothing comes for it. */
export const describeEvents = ({ events, unknownEvents: unknown }: SubscriptionView): readonly string[] =>
  events.map((word) => (unknown.includes(word) ? `${word} (unknown)` : word));
