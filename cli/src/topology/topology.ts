import { ListQueueTagsCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { eventDefinitions } from '@orderly/contracts';
import { eventsTag, listQueues } from '@orderly/lambda/subscriptions';
import { type DeadLetterQueue, listDeadLetterQueues } from '../dead-letters/dead-letter-queue.ts';
import { Failure } from '../failure.ts';
import { type Depth, depthOf, totalOf } from '../queues/depth.ts';
import { oldestAges } from '../queues/oldest-age.ts';
import { nameOf } from '../queues/queue-name.ts';
import type { Session } from '../session.ts';
import { publishers } from './publishers.ts';

export interface SubscriptionView extends Depth {
  readonly queue: string;
  readonly consumer: string;
  /** The names of the events that it asks for; empty: all. */
  readonly events: readonly string[];
  /** Seconds that its oldest message has waited; null where nobody measures it. */
  readonly oldestAge: number | null;
  /** Null when it has no dead-letter queue of the usual name. */
  readonly deadLetters: number | null;
}

export interface TopicView {
  readonly topic: string;
  /** The service of this repository that publishes it. */
  readonly publisher: string | null;
  readonly subscriptions: readonly SubscriptionView[];
  /** Events that a subscription refused; null when the queue for them is missing. */
  readonly parked: number | null;
  /** Failed positions of the publisher's stream; null when the queue for them is missing. */
  readonly streamFailures: number | null;
}

export interface Topology {
  readonly stage: string;
  readonly topics: readonly TopicView[];
}

/**
 * The topics that the contracts know, and what is there of them in a stage.
 *
 * @throws Failure when nothing is there at all
 */
export async function readTopology(session: Session): Promise<Topology> {
  const { clients, stage } = session;
  const names = [...new Set(eventDefinitions.map(({ topic }) => topic))];
  const dead = await deadLetterCounts(clients.sqs, await listDeadLetterQueues(clients.sqs, stage));
  const published = publishers();
  const topics = await Promise.all(
    names.map(async (topic): Promise<TopicView> => {
      const urls = await listQueues(clients.sqs, `${stage}-${topic}--`);
      const ages = await oldestAges(session, urls.map(nameOf));
      const views = await Promise.all(urls.map((url) => subscriptionAt(clients.sqs, url, ages)));
      const present = views.filter((view) => view !== undefined);
      return {
        topic,
        publisher: published.get(topic) ?? null,
        subscriptions: present
          .map((view) => ({ ...view, deadLetters: dead.get(deadLetterQueueOf(stage, view.queue)) ?? null }))
          .sort((a, b) => (a.queue < b.queue ? -1 : 1)),
        parked: dead.get(`${stage}-dlq--${topic}.fifo`) ?? null,
        streamFailures: dead.get(`${stage}-dlq--${topic}--stream`) ?? null,
      };
    }),
  );
  if (dead.size === 0 && topics.every(({ subscriptions }) => subscriptions.length === 0)) {
    throw new Failure(`Stage ${stage} has no queue here. Is it deployed, and is this the right region?`);
  }
  return { stage, topics };
}

async function deadLetterCounts(
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
): Promise<ReadonlyMap<string, number>> {
  const depths = await Promise.all(queues.map(({ url }) => depthOf(sqs, url)));
  return new Map(
    queues.flatMap(({ name }, index) => {
      const depth = depths[index];
      return depth === undefined ? [] : [[name, totalOf(depth)] as const];
    }),
  );
}

const deadLetterQueueOf = (stage: string, queue: string): string =>
  `${stage}-dlq--${queue.slice(`${stage}-`.length)}`;

async function subscriptionAt(
  sqs: SQSClient,
  url: string,
  ages: ReadonlyMap<string, number>,
): Promise<Omit<SubscriptionView, 'deadLetters'> | undefined> {
  const [depth, events] = await Promise.all([depthOf(sqs, url), wantedEvents(sqs, url)]);
  if (depth === undefined || events === undefined) return undefined;
  const queue = nameOf(url);
  const [, ...consumer] = queue.replace(/\.fifo$/, '').split('--');
  const oldestAge = totalOf(depth) === 0 ? null : (ages.get(queue) ?? null);
  return { queue, consumer: consumer.join('--'), events, ...depth, oldestAge };
}

/** @returns undefined for a queue that is gone */
async function wantedEvents(sqs: SQSClient, url: string): Promise<readonly string[] | undefined> {
  try {
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
    return (Tags?.[eventsTag] ?? '').split(' ').filter(Boolean);
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
