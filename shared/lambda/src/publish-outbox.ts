import { createHash } from 'node:crypto';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '@orderly/contracts';
import type { AttributeValue, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { clientConfig } from './aws-client.ts';
import { environment, list, number, text } from './env.ts';
import { count, flushMetrics, log } from './log.ts';
import { batches, type Message, type Refusal, sendBatch } from './send.ts';
import { discoverSubscriptions, type Subscription } from './subscriptions.ts';

/** An event of the outbox on its way, with the stream record it came in. */
interface Departure extends Message {
  readonly type: string;
  readonly sequenceNumber: string;
}

/**
 * The function between a service's table stream and its topic: sends the `outbox` of each new image to every
 * subscription.
 *
 * Order is kept per aggregate: an event is sent only when the one before it was. What fails for a while makes
 * its record fail, and the stream comes again from the lowest of them (`ReportBatchItemFailures`). What one
 * subscription will never take is parked, whole, with target and reason, in the topic's dead-letter queue
 * `<stage>-dlq--<topic>.fifo`, and blocks neither the other subscriptions nor the shard.
 *
 * Environment: `STAGE`; `EXTRA_SUBSCRIPTIONS` (URLs of queues in other accounts, separated by spaces);
 * `SUBSCRIPTIONS_TTL_SECONDS` (how long a look-up of subscriptions is good for, default 60).
 */
export function publishOutbox({ topic }: { readonly topic: Topic }) {
  const env = environment({ STAGE: text, EXTRA_SUBSCRIPTIONS: list, SUBSCRIPTIONS_TTL_SECONDS: number(60) });
  const sqs = new SQSClient(clientConfig);
  const subscriptions = discoverSubscriptions(sqs, {
    prefix: `${env.STAGE}-${topic}--`,
    extraUrls: env.EXTRA_SUBSCRIPTIONS,
    ttlMs: env.SUBSCRIPTIONS_TTL_SECONDS * 1000,
  });
  const park = parkingLot(sqs, `${env.STAGE}-dlq--${topic}.fifo`);

  /** @returns the departures that did not reach this subscription yet and have to come again */
  async function deliver(target: Subscription, departures: readonly Departure[]): Promise<Departure[]> {
    const wanted = departures.filter(({ type }) => target.wants(type));
    const held = new Set<string>();
    const failed: Departure[] = [];
    for (const wave of waves(wanted)) {
      failed.push(...wave.filter(({ group }) => held.has(group)));
      const ready = wave.filter(({ group }) => !held.has(group));
      const outcomes = await Promise.all(batches(ready).map((batch) => sendOrPark(target, batch)));
      for (const departure of outcomes.flat()) {
        failed.push(departure);
        held.add(departure.group);
      }
    }
    return failed;
  }

  async function sendOrPark(target: Subscription, batch: readonly Departure[]): Promise<Departure[]> {
    const refused = await sendBatch(sqs, target.url, batch);
    count('EventsPublished', batch.length - refused.size);
    if (refused.size === 0) return [];
    const [first] = refused.values();
    if (first?.error instanceof QueueDoesNotExist && !(await isStillThere(target))) {
      log.warn('A subscription is gone; its events are dropped', { target: target.url });
      return [];
    }
    const failed = [...refused].filter(([, { transient }]) => transient).map(([departure]) => departure);
    const parked = [...refused].filter(([, { transient }]) => !transient);
    if (failed.length > 0)
      log.warn('Events were not taken; the stream will come again', logged(target, first));
    return [...failed, ...(await park(target, parked))];
  }

  async function isStillThere({ url }: Subscription): Promise<boolean> {
    return (await subscriptions.refresh()).some((subscription) => subscription.url === url);
  }

  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    try {
      const departures = Records.flatMap(departuresOf);
      const targets = departures.length === 0 ? [] : await subscriptions.list();
      const failed = await Promise.all(targets.map((target) => deliver(target, departures)));
      const failedNumbers = new Set(failed.flat().map(({ sequenceNumber }) => sequenceNumber));
      const lowest = departures.find(({ sequenceNumber }) => failedNumbers.has(sequenceNumber));
      return { batchItemFailures: lowest ? [{ itemIdentifier: lowest.sequenceNumber }] : [] };
    } finally {
      flushMetrics();
    }
  };
}

/** Reads only the attributes it needs: the image itself is never unmarshalled. */
export function departuresOf({ dynamodb }: DynamoDBRecord): Departure[] {
  const outbox = dynamodb?.NewImage?.outbox?.M;
  const sequenceNumber = dynamodb?.SequenceNumber;
  const group = outbox?.subject?.S;
  if (outbox === undefined || sequenceNumber === undefined || group === undefined) return [];
  return (outbox.events?.L ?? []).map((entry: AttributeValue) => ({
    body: entry.M?.body?.S ?? '',
    type: entry.M?.type?.S ?? '',
    deduplicationId: entry.M?.id?.S ?? '',
    group,
    sequenceNumber,
  }));
}

/** The n-th wave holds the n-th event of each aggregate, so that no wave holds two of the same. */
export function waves<M extends Message>(messages: readonly M[]): M[][] {
  const result: M[][] = [];
  const seen = new Map<string, number>();
  for (const message of messages) {
    const position = seen.get(message.group) ?? 0;
    seen.set(message.group, position + 1);
    const wave = result[position];
    if (wave === undefined) result.push([message]);
    else wave.push(message);
  }
  return result;
}

/**
 * Puts what a subscription refuses for good into the topic's dead-letter queue.
 *
 * @returns a function that parks and gives back what could not even be parked
 */
function parkingLot(sqs: SQSClient, queueName: string) {
  let url: Promise<string> | undefined;

  async function queueUrl(): Promise<string> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    if (QueueUrl === undefined) throw new Error(`Queue ${queueName} has no URL`);
    return QueueUrl;
  }

  return async (
    target: Subscription,
    refused: readonly (readonly [Departure, Refusal])[],
  ): Promise<Departure[]> => {
    if (refused.length === 0) return [];
    const departures = refused.map(([departure]) => departure);
    try {
      url ??= queueUrl();
      const parked = refused.map(([departure, { reason }]) => parkedMessage(target, departure, reason));
      const to = await url;
      const outcomes = await Promise.all(batches(parked).map((batch) => sendBatch(sqs, to, batch)));
      const lost = outcomes.flatMap((outcome) => [...outcome]);
      const events = refused.length - lost.length;
      count('EventsParked', events);
      if (events > 0) log.error('Events were refused for good and parked', logged(target, refused[0]?.[1]));
      if (lost.length > 0) log.error(notParked, { queueName, reason: lost[0]?.[1].reason });
      return lost.map(([{ origin }]) => origin);
    } catch (error) {
      url = undefined;
      log.error(notParked, { queueName, error });
      return departures;
    }
  };
}

const notParked = 'Events could not be parked; the stream will come again';

interface ParkedMessage extends Message {
  readonly origin: Departure;
}

function parkedMessage({ url }: Subscription, origin: Departure, reason: string): ParkedMessage {
  const targetHash = createHash('sha256').update(url).digest('hex').slice(0, 16);
  return {
    origin,
    body: origin.body,
    group: origin.group,
    deduplicationId: `${origin.deduplicationId}:${targetHash}`,
    attributes: { target: url, reason: printable(reason).slice(0, 1_000) },
  };
}

/** SQS takes only these characters; a reason must never be what keeps an event from being parked. */
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, ' ').trim() || 'unknown';
}

function logged({ url }: Subscription, refusal: Refusal | undefined) {
  return { target: url, reason: refusal?.reason };
}
