import type { SQSClient } from '@aws-sdk/client-sqs';
import { eventDefinitions, type Topic } from '@orderly/contracts';
import { listQueues } from '@orderly/functions/aws/publishing/subscriptions';
import { services } from '@orderly/local/services';
import { Failure } from '../failure.ts';
import { nameOf } from '../queues/queue-name.ts';

interface OfTopic {
  readonly name: string;
  readonly topic: string;
}

/** A dead-letter queue of a stage, by what its name says about it. */
export type DeadLetterQueueName =
  /** What a consumer could not process. */
  | (OfTopic & { readonly kind: 'subscription'; readonly consumer: string; readonly source: string })
  /** What a subscription did not take: events, or references to them, each with its target and the reason. */
  | (OfTopic & { readonly kind: 'parked' })
  /** Positions of stream records that could not be published in time. */
  | (OfTopic & { readonly kind: 'stream' })
  /** What a service could not do when it woke itself by a message: no event is in it. */
  | {
      readonly kind: 'wake-ups';
      readonly name: string;
      readonly service: string;
      readonly source: string;
    };

export type DeadLetterQueue = DeadLetterQueueName & { readonly url: string };

const prefixOf = (stage: string): string => `${stage}-dlq--`;

/** Reads the name of a dead-letter queue; docs/architecture.md has the forms. */
export function readName(stage: string, name: string): DeadLetterQueueName {
  const rest = name.slice(prefixOf(stage).length);
  const [, topic = '', consumer] = /^(.*?)(?:--(.*?))?(?:\.fifo)?$/.exec(rest) ?? [];
  if (consumer === undefined) return { kind: 'parked', name, topic };
  if (rest === `${topic}--stream`) return { kind: 'stream', name, topic };
  // Where a subscription has its topic, a service's queue for itself has the service.
  if (services.includes(topic)) return { kind: 'wake-ups', name, service: topic, source: `${stage}-${rest}` };
  return { kind: 'subscription', name, topic, consumer, source: `${stage}-${rest}` };
}

/** Every dead-letter queue of a stage, by name. */
export async function listDeadLetterQueues(
  sqs: SQSClient,
  stage: string,
): Promise<readonly DeadLetterQueue[]> {
  const urls = await listQueues(sqs, prefixOf(stage));
  return urls
    .map((url) => ({ ...readName(stage, nameOf(url)), url }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The queues a command is about.
 *
 * @param wanted a name, whole or without stage and suffix (`order-events--inventory`); all queues when absent
 * @throws Failure when there is no such queue, or none at all
 */
export async function chooseQueues(
  sqs: SQSClient,
  stage: string,
  wanted: string | undefined,
): Promise<readonly DeadLetterQueue[]> {
  const queues = await listDeadLetterQueues(sqs, stage);
  if (queues.length === 0) {
    throw new Failure(
      `Stage ${stage} has no dead-letter queue here. Is it deployed, and is this the right region?`,
    );
  }
  if (wanted === undefined) return queues;
  const short = (name: string): string => name.replace(prefixOf(stage), '').replace(/\.fifo$/, '');
  const chosen = queues.filter(({ name }) => name === wanted || short(name) === short(wanted));
  if (chosen.length > 0) return chosen;
  const known = queues.map(({ name }) => short(name)).join(', ');
  throw new Failure(`There is no dead-letter queue ${wanted} in stage ${stage}. There are: ${known}.`);
}

/** A dead-letter queue of a topic's publisher. */
export type OfPublisher = Extract<DeadLetterQueueName, { readonly kind: 'parked' | 'stream' }>;

/** @throws Failure for a topic that the contracts do not know */
export function topicOf({ topic, name }: OfPublisher): Topic {
  const known = eventDefinitions.find((definition) => definition.topic === topic);
  if (known === undefined) throw new Failure(`${name} is of a topic that the contracts here do not know.`);
  return known.topic;
}
