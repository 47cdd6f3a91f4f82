import { createHash } from 'node:crypto';
import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type CloudEvent, parseJson } from '@orderly/contracts';
import { log } from '../observability/log.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
import { batches, type Message, sendBatch } from './send.ts';

/** An event that a target does not get, and why. */
export type Refused = readonly [message: OutboxMessage, reason: string];

/**
 * Puts aside what a target does not take: each event whole, with target and reason, in the topic's dead-letter queue.
 * Where that queue refuses an event, too, a reference to it is put aside: a queue's limits on content never stop a shard.
 *
 * @returns a function that parks; what could not even be parked has failed
 */
export function parkingLot(sqs: SQSClient, queueName: string) {
  let url: Promise<string> | undefined;

  async function queueUrl(): Promise<string> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    if (QueueUrl === undefined) throw new Error(`Queue ${queueName} has no URL`);
    return QueueUrl;
  }

  return async (targetUrl: string, refused: readonly Refused[]): Promise<PublishResult> => {
    if (refused.length === 0) return { failed: [], parked: [] };
    try {
      url ??= queueUrl();
      const to = await url;
      const whole = await sendAll(
        sqs,
        to,
        refused.map((one) => wholeEvent(targetUrl, ...one)),
      );
      const references = whole.refusedForGood.map(({ origin, attributes }) =>
        reference(targetUrl, origin, attributes.reason),
      );
      const second = await sendAll(sqs, to, references);
      const parked = [...whole.sent, ...second.sent];
      for (const { origin, attributes } of parked)
        log.error('An event was refused and parked', { ...idsOf(origin), ...attributes });
      const failed = [...whole.failed, ...second.failed, ...second.refusedForGood];
      const reason = second.reason ?? whole.reason;
      if (failed.length > 0) log.error(notParked, { queue: queueName, reason });
      return { failed: failed.map(({ origin }) => origin), parked: parked.map(({ origin }) => origin) };
    } catch (error) {
      url = undefined;
      log.error(notParked, { queue: queueName, error });
      return { failed: refused.map(([message]) => message), parked: [] };
    }
  };
}

const notParked = 'Events could not be parked; the stream will come again';

interface ParkedMessage extends Message {
  readonly origin: OutboxMessage;
  readonly attributes: { readonly target: string; readonly reason: string };
}

async function sendAll(sqs: SQSClient, to: string, messages: readonly ParkedMessage[]) {
  const outcomes = await Promise.all(batches(messages).map((batch) => sendBatch(sqs, to, batch)));
  const refused = outcomes.flatMap((outcome) => [...outcome]);
  const lost = new Set(refused.map(([message]) => message));
  return {
    sent: messages.filter((message) => !lost.has(message)),
    failed: refused.filter(([, { transient }]) => transient).map(([message]) => message),
    refusedForGood: refused.filter(([, { transient }]) => !transient).map(([message]) => message),
    reason: refused[0]?.[1].reason,
  };
}

function wholeEvent(targetUrl: string, origin: OutboxMessage, reason: string): ParkedMessage {
  return {
    origin,
    body: origin.body,
    group: origin.group,
    deduplicationId: `${origin.deduplicationId}:${hashOf(targetUrl)}`,
    attributes: { target: targetUrl, reason: printable(reason).slice(0, 1_000) },
  };
}

/** Where an event is that no queue takes: its item, and its position in the stream and in the item's outbox. */
export interface EventReference {
  readonly item: Readonly<Record<string, string>>;
  readonly eventId: string;
  readonly sequenceNumber: string;
  /** Counted from 0. */
  readonly index: number;
}

function reference(targetUrl: string, origin: OutboxMessage, reason: string): ParkedMessage {
  const { keys, deduplicationId: eventId, sequenceNumber, index } = origin;
  const item = Object.fromEntries(Object.entries(keys).map(([name, { S = '' }]) => [name, S]));
  const body: EventReference = { item, eventId, sequenceNumber, index };
  return {
    origin,
    body: JSON.stringify(body).replace(/[^\x20-\x7e]/g, asciiEscape),
    group: origin.group,
    // Not under the event's own id: the queue may have dropped it as a copy of what it refuses.
    deduplicationId: `${hashOf(`${sequenceNumber} ${index}`)}:${hashOf(targetUrl)}`,
    attributes: { target: targetUrl, reason },
  };
}

const asciiEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** SQS takes only these characters; a reason must never be what keeps an event from being parked. */
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, ' ').trim() || 'unknown';
}

/** The log keys by which the event's order and its story are found. */
function idsOf({ body, deduplicationId, group }: OutboxMessage) {
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
