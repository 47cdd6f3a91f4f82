import { createHash } from 'node:crypto';
import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { type CloudEvent, parseJson, type Topic } from '@orderly/contracts';
import { fullBatches, inOrder } from './full-batches.ts';
import { log } from './log.ts';
import { batches, type Message, type Refusal, sendBatch } from './send.ts';
import { discoverSubscriptions, type Subscription } from './subscriptions.ts';

/** An event of the outbox on its way, with the stream record it came in. */
export interface Departure extends Message {
  readonly type: string;
  readonly sequenceNumber: string;
}

/** What is left of a publication, once for each subscription that it concerns. */
export interface Remainder {
  /** Did not reach the subscription yet and has to come again. */
  readonly failed: readonly Departure[];
  /** The subscription will never take it. */
  readonly parked: readonly Departure[];
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
 * @returns a function that publishes, and says what did not reach some subscription
 */
export function topicPublisher(sqs: SQSClient, { topic, stage, extraUrls, ttlMs }: TopicPublisherOptions) {
  const subscriptions = discoverSubscriptions(sqs, { prefix: `${stage}-${topic}--`, extraUrls, ttlMs });
  const park = parkingLot(sqs, `${stage}-dlq--${topic}.fifo`);

  async function deliver(target: Subscription, departures: readonly Departure[]): Promise<Remainder> {
    const wanted = departures.filter(({ type }) => target.wants(type));
    const held = new Set<string>();
    const failed: Departure[] = [];
    const parked: Departure[] = [];
    await inOrder(fullBatches(wanted), async (batch) => {
      failed.push(...batch.filter(({ group }) => held.has(group)));
      const ready = batch.filter(({ group }) => !held.has(group));
      const outcome = await sendOrPark(target, ready);
      parked.push(...outcome.parked);
      for (const departure of outcome.failed) {
        failed.push(departure);
        held.add(departure.group);
      }
    });
    return { failed, parked };
  }

  async function sendOrPark(target: Subscription, batch: readonly Departure[]): Promise<Remainder> {
    if (batch.length === 0) return nothing;
    const refused = await sendBatch(sqs, target.url, batch);
    if (refused.size === 0) return nothing;
    const [first] = refused.values();
    if (first?.error instanceof QueueDoesNotExist && !(await isStillThere(target))) {
      log.warn('A subscription is gone; its events are dropped', { target: target.url });
      return nothing;
    }
    const later = [...refused].filter(([, { transient }]) => transient).map(([departure]) => departure);
    const never = [...refused].filter(([, { transient }]) => !transient);
    if (later.length > 0)
      log.warn('Events were not taken; the stream will come again', {
        target: target.url,
        reason: first?.reason,
      });
    const { failed, parked } = await park(target, never);
    return { failed: [...later, ...failed], parked };
  }

  async function isStillThere({ url }: Subscription): Promise<boolean> {
    return (await subscriptions.refresh()).some((subscription) => subscription.url === url);
  }

  return async (departures: readonly Departure[]): Promise<Remainder> => {
    const targets = departures.length === 0 ? [] : await subscriptions.list();
    const remainders = await Promise.all(targets.map((target) => deliver(target, departures)));
    return {
      failed: remainders.flatMap(({ failed }) => failed),
      parked: remainders.flatMap(({ parked }) => parked),
    };
  };
}

const nothing: Remainder = { failed: [], parked: [] };

/**
 * Puts what a subscription refuses for good into the topic's dead-letter queue.
 *
 * @returns a function that parks; what could not even be parked has failed
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
  ): Promise<Remainder> => {
    if (refused.length === 0) return nothing;
    try {
      url ??= queueUrl();
      const messages = refused.map(([departure, { reason }]) => parkedMessage(target, departure, reason));
      const to = await url;
      const outcomes = await Promise.all(batches(messages).map((batch) => sendBatch(sqs, to, batch)));
      const lost = new Map(outcomes.flatMap((outcome) => [...outcome]));
      const parked = messages.filter((message) => !lost.has(message));
      for (const { origin, attributes } of parked)
        log.error('An event was refused for good and parked', { ...idsOf(origin), ...attributes });
      const [first] = lost.values();
      if (first !== undefined) log.error(notParked, { queue: queueName, reason: first.reason });
      return {
        failed: [...lost.keys()].map(({ origin }) => origin),
        parked: parked.map(({ origin }) => origin),
      };
    } catch (error) {
      url = undefined;
      log.error(notParked, { queue: queueName, error });
      return { failed: refused.map(([departure]) => departure), parked: [] };
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

/** The log keys by which the event's order and its story are found. */
function idsOf({ body, deduplicationId, group }: Departure) {
  const event = parseJson(body);
  const envelope: Partial<CloudEvent> = event.ok && event.value instanceof Object ? event.value : {};
  const [, trace_id] = envelope.traceparent?.split('-') ?? [];
  return {
    event_id: deduplicationId,
    subject: envelope.subject ?? group,
    correlation_id: envelope.correlationid,
    trace_id,
  };
}
