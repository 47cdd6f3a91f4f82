import { createHash } from 'node:crypto';
import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '@orderly/contracts';
import { count, log } from './log.ts';
import { batches, type Message, type Refusal, sendBatch, waves } from './send.ts';
import { discoverSubscriptions, type Subscription } from './subscriptions.ts';

/** An event of the outbox on its way, with the stream record it came in. */
export interface Departure extends Message {
  readonly type: string;
  readonly sequenceNumber: string;
}

export interface TopicPublisherOptions {
  readonly topic: Topic;
  readonly stage: string;
  /** Queues in other accounts. */
  readonly extraUrls: readonly string[];
  /** How long a look-up of subscriptions is good for. */
  readonly ttlMs: number;
}

/**
 * Sends events to every subscription of a topic.
 *
 * Order is kept per aggregate: an event is sent only when the one before it was. What one subscription will never
 * take is parked, whole, with target and reason, in the topic's dead-letter queue `<stage>-dlq--<topic>.fifo`, and
 * blocks neither the other subscriptions nor the events behind it.
 *
 * @returns a function that gives back what did not reach some subscription yet, once for each of them
 */
export function topicPublisher(sqs: SQSClient, { topic, stage, extraUrls, ttlMs }: TopicPublisherOptions) {
  const subscriptions = discoverSubscriptions(sqs, { prefix: `${stage}-${topic}--`, extraUrls, ttlMs });
  const park = parkingLot(sqs, `${stage}-dlq--${topic}.fifo`);

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

  return async (departures: readonly Departure[]): Promise<readonly Departure[]> => {
    const targets = departures.length === 0 ? [] : await subscriptions.list();
    return (await Promise.all(targets.map((target) => deliver(target, departures)))).flat();
  };
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
