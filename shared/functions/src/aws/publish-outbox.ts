import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { environment, list, number, text } from '../env.ts';
import { count, flushMetrics } from '../observability/metrics.ts';
import { sqsConfig } from './client-config.ts';
import { beginInvocation } from './invocation.ts';
import { outboxMessagesOf } from './publishing/outbox-message.ts';
import { firstToRetry, topicPublisher } from './publishing/topic-publisher.ts';

export interface PublisherOptions {
  /** The topic's name, e.g. `order-events`: a part of the names of its queues. */
  readonly topic: string;
  /** The types of its events, to warn of subscriptions that select others. */
  readonly eventTypes: readonly string[];
  /** By default a client with `sqsConfig`. */
  readonly sqs?: SQSClient;
}

/**
 * A function that publishes a table's outboxes: it sends the `outbox` of each new image in the table's stream to every
 * subscription of the topic, as `topicPublisher` does.
 *
 * An event that fails transiently fails its record, and the stream retries from the first such record
 * (`ReportBatchItemFailures`).
 *
 * Environment: `STAGE`; `EXTRA_SUBSCRIPTIONS` (URLs of queues in other accounts, separated by spaces);
 * `SUBSCRIPTIONS_TTL_SECONDS` (how long a look-up of subscriptions is valid, default 60).
 *
 * @throws EnvironmentError at load
 */
export function publishOutbox({ topic, eventTypes, sqs = new SQSClient(sqsConfig) }: PublisherOptions) {
  const env = environment({ STAGE: text, EXTRA_SUBSCRIPTIONS: list, SUBSCRIPTIONS_TTL_SECONDS: number(60) });
  const publish = topicPublisher(sqs, {
    topic,
    eventTypes,
    stage: env.STAGE,
    extraUrls: env.EXTRA_SUBSCRIPTIONS,
    ttlMs: env.SUBSCRIPTIONS_TTL_SECONDS * 1000,
  });

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    beginInvocation(context);
    const messages = Records.flatMap(outboxMessagesOf);
    const { failed, parked } = await publish(messages);
    const from = firstToRetry(messages, failed);
    const retried = messages[from];
    // What is retried is counted after its retry, or it would be counted twice.
    const done = new Set(messages.slice(0, from));
    count('EventsPublished', done.size);
    count('EventsParked', parked.filter((message) => done.has(message)).length);
    flushMetrics();
    return { batchItemFailures: retried ? [{ itemIdentifier: retried.sequenceNumber }] : [] };
  };
}
