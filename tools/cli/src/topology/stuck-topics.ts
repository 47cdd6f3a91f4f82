import { listDeadLetterQueues } from '../dead-letters/dead-letter-queue.ts';
import { plural } from '../plural.ts';
import { depthOf, totalOf } from '../queues/depth.ts';
import { describeAge, streamDelays } from '../queues/oldest-age.ts';
import { topicSources, topics } from '../replay/topic-source.ts';
import type { Session } from '../session.ts';

/** Dead letters that a topic's publisher has written. */
export interface PublisherDeadLetters {
  /** Events that a subscription did not take; null when the queue for them is missing. */
  readonly parked: number | null;
  /** Failed positions of the publisher's stream; null when the queue for them is missing. */
  readonly streamFailures: number | null;
}

/** A publisher that is no further behind is at work, in seconds: the alarm iterator-age has the same limit. */
const DELAY_LIMIT = 60;

type Looking = Pick<Session, 'clients' | 'note' | 'stage'>;

/**
 * What keeps each topic's events from subscriptions, a sentence each, with what to do. Topics that flow are left out.
 * How far a publisher is behind is what CloudWatch measures, so it is known on AWS only.
 */
export async function stuckTopics(
  session: Looking,
  deadLetters: ReadonlyMap<string, PublisherDeadLetters>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const publisherOf = (service: string): string => `${service}-${session.stage}-publish-events`;
  const services = Object.entries(topicSources);
  const delays = await streamDelays(
    session,
    services.map(([, { service }]) => publisherOf(service)),
  );
  const reasons = services.map(([topic, { service }]) => {
    const { parked, streamFailures } = deadLetters.get(topic) ?? { parked: null, streamFailures: null };
    const delay = delays.get(publisherOf(service)) ?? 0;
    const why = [
      parked &&
        `${topic}: ${plural(parked, 'event')} parked, which subscriptions did not take; see orderly dlq show ${topic}.`,
      streamFailures &&
        `${topic}: its publisher gave up ${plural(streamFailures, 'batch', 'batches')} of its stream; see orderly dlq show ${topic}--stream.`,
      delay > DELAY_LIMIT &&
        `${topic}: its publisher is ${describeAge(delay)} behind; see docs/runbooks/iterator-age.md.`,
    ];
    return [topic, why.filter((reason) => typeof reason === 'string')] as const;
  });
  return new Map(reasons.filter(([, why]) => why.length > 0));
}

/** How many messages are in each dead-letter queue of a stage, by its name. */
export async function deadLetterCounts({
  clients: { sqs },
  stage,
}: Looking): Promise<ReadonlyMap<string, number>> {
  const queues = await listDeadLetterQueues(sqs, stage);
  const depths = await Promise.all(queues.map(({ url }) => depthOf(sqs, url)));
  return new Map(
    queues.flatMap(({ name }, index) => {
      const depth = depths[index];
      return depth === undefined ? [] : [[name, totalOf(depth)] as const];
    }),
  );
}

/** Those of each topic's publisher among them. */
export const publisherDeadLetters = (
  stage: string,
  counts: ReadonlyMap<string, number>,
): ReadonlyMap<string, PublisherDeadLetters> =>
  new Map(
    topics.map((topic) => [
      topic,
      {
        parked: counts.get(`${stage}-dlq--${topic}.fifo`) ?? null,
        streamFailures: counts.get(`${stage}-dlq--${topic}--stream`) ?? null,
      },
    ]),
  );

/** The same for a command that has not counted dead letters yet. */
export async function findStuckTopics(session: Looking): Promise<readonly string[]> {
  const counted = publisherDeadLetters(session.stage, await deadLetterCounts(session));
  return [...(await stuckTopics(session, counted)).values()].flat();
}

export const describeStuck = (stuck: readonly string[]): readonly string[] =>
  stuck.map((reason) => `Stuck: ${reason}`);
