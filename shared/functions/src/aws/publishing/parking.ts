import { createHash } from 'node:crypto';
import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { envelopeOf } from '../../messaging/envelope.ts';
import { log } from '../../observability/log.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
import { batches, type Message, sendBatch } from './send.ts';

/** An event that a target does not receive, and why. */
export type Refused = readonly [message: OutboxMessage, reason: string];

/** Parks events for a target. Those that could not be parked are `failed`; it never rejects. */
export type Park = (targetUrl: string, refused: readonly Refused[]) => Promise<PublishResult>;

/**
 * Parks events in the topic's dead-letter queue, each whole, with its target and the reason. If that queue refuses an
 * event as well, a reference to it is parked: what an event contains never stops a shard.
 *
 * @param queueName of the dead-letter queue, whose URL is looked up at its first use
 */
export function parkIn(sqs: SQSClient, queueName: string): Park {
  let url: Promise<string> | undefined;

  async function queueUrl(): Promise<string> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    if (QueueUrl === undefined) throw new Error(`Queue ${queueName} has no URL`);
    return QueueUrl;
  }

  return async (targetUrl, refused) => {
    if (refused.length === 0) return { failed: [], parked: [] };
    try {
      url ??= queueUrl();
      const to = await url;
      const whole = await sendAll(
        sqs,
        to,
        refused.map((one) => wholeEvent(targetUrl, ...one)),
      );
      const references = whole.refused.map(({ origin, attributes }) =>
        reference(targetUrl, origin, attributes.reason),
      );
      const second = await sendAll(sqs, to, references);
      const parked = [...whole.sent, ...second.sent];
      for (const { origin, attributes } of parked)
        log.error('An event was refused and parked', { ...idsOf(origin), ...attributes });
      const failed = [...whole.failed, ...second.failed, ...second.refused];
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

const notParked = 'Events could not be parked; the stream will retry them';

interface ParkedMessage extends Message {
  readonly origin: OutboxMessage;
  readonly attributes: { readonly target: string; readonly reason: string };
}

async function sendAll(sqs: SQSClient, to: string, messages: readonly ParkedMessage[]) {
  const outcomes = await Promise.all(batches(messages).map((batch) => sendBatch(sqs, to, batch)));
  const refusals = outcomes.flatMap((outcome) => [...outcome]);
  const unsent = new Set(refusals.map(([message]) => message));
  return {
    sent: messages.filter((message) => !unsent.has(message)),
    failed: refusals.filter(([, { transient }]) => transient).map(([message]) => message),
    refused: refusals.filter(([, { transient }]) => !transient).map(([message]) => message),
    reason: refusals[0]?.[1].reason,
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

/** Where to find an event that no queue accepts: its item, and its place in the stream and in the item's outbox. */
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
    // Not the event's own id: the queue may take the reference for a duplicate of the event that it has refused.
    deduplicationId: `${hashOf(`${sequenceNumber} ${index}`)}:${hashOf(targetUrl)}`,
    attributes: { target: targetUrl, reason },
  };
}

const asciiEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** SQS accepts more characters than these, but a reason must never be why an event cannot be parked. */
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, ' ').trim() || 'unknown';
}

/** Log keys to find the event's aggregate, request and trace. */
function idsOf({ body, deduplicationId, group }: OutboxMessage) {
  const envelope = envelopeOf(body);
  const [, trace_id] = envelope.traceparent?.split('-') ?? [];
  return {
    event_id: deduplicationId,
    subject: envelope.subject ?? group,
    correlation_id: envelope.correlationid,
    trace_id,
  };
}
