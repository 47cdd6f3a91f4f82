import { SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '@orderly/contracts';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { clientConfig } from '../aws-client.ts';
import { environment, list, number, text } from '../env.ts';
import { beginInvocation } from '../observability/log.ts';
import { count, flushMetrics } from '../observability/metrics.ts';
import { messageGroupOf } from './message-group.ts';
import type { OutboxMessage } from './outbox-message.ts';
import { firstToComeAgain, topicPublisher } from './topic-publisher.ts';

export interface PublisherOptions {
  readonly topic: Topic;
  /** Sends the events; by default one with the settings that all clients here have. */
  readonly sqs?: SQSClient;
}

/**
 * The function between a service's table stream and its topic: sends the `outbox` of each new image to every
 * subscription, as `topicPublisher` does.
 *
 * What fails for a while makes its record fail, and the stream comes again from the lowest of them
 * (`ReportBatchItemFailures`).
 *
 * Environment: `STAGE`; `EXTRA_SUBSCRIPTIONS` (URLs of queues in other accounts, separated by spaces);
 * `SUBSCRIPTIONS_TTL_SECONDS` (how long a look-up of subscriptions is good for, default 60).
 */
export function publishOutbox({ topic, sqs = new SQSClient(clientConfig) }: PublisherOptions) {
  const env = environment({ STAGE: text, EXTRA_SUBSCRIPTIONS: list, SUBSCRIPTIONS_TTL_SECONDS: number(60) });
  const publish = topicPublisher(sqs, {
    topic,
    stage: env.STAGE,
    extraUrls: env.EXTRA_SUBSCRIPTIONS,
    ttlMs: env.SUBSCRIPTIONS_TTL_SECONDS * 1000,
  });

  return async ({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    beginInvocation(context);
    const messages = Records.flatMap(outboxMessagesOf);
    const { failed, parked } = await publish(messages);
    const from = firstToComeAgain(messages, failed);
    const lowest = messages[from];
    // What comes again is counted then, or it would be counted twice.
    const done = new Set(messages.slice(0, from));
    count('EventsPublished', done.size);
    count('EventsParked', parked.filter((message) => done.has(message)).length);
    flushMetrics();
    return { batchItemFailures: lowest ? [{ itemIdentifier: lowest.sequenceNumber }] : [] };
  };
}

/** A value of an image, as far as it is read here: as Lambda hands it over, and as the SDK reads it from a stream. */
interface ImageValue {
  readonly S?: string | undefined;
  readonly L?: readonly ImageValue[] | undefined;
  readonly M?: Readonly<Record<string, ImageValue>> | undefined;
}

export interface ImageRecord {
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, ImageValue>> | undefined;
        readonly NewImage?: Readonly<Record<string, ImageValue>> | undefined;
      }
    | undefined;
}

/** Reads only the attributes it needs: the image itself is never unmarshalled. */
export function outboxMessagesOf({ dynamodb }: ImageRecord): OutboxMessage[] {
  const outbox = dynamodb?.NewImage?.outbox?.M;
  const sequenceNumber = dynamodb?.SequenceNumber;
  const subject = outbox?.subject?.S;
  if (outbox === undefined || sequenceNumber === undefined || subject === undefined) return [];
  const keys = dynamodb?.Keys ?? {};
  return (outbox.events?.L ?? []).map((entry, index) => ({
    body: entry.M?.body?.S ?? '',
    type: entry.M?.type?.S ?? '',
    deduplicationId: entry.M?.id?.S ?? '',
    group: messageGroupOf(subject),
    sequenceNumber,
    index,
    keys,
  }));
}
