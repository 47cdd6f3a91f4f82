import {
  byType,
  type CloudEvent,
  describeIssues,
  eventName,
  type Reaction,
  readEvent,
} from '@orderly/contracts';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { environment, positiveInteger } from '../env.ts';
import { beginInvocation, log } from '../observability/log.ts';
import { count, flushMetrics } from '../observability/metrics.ts';
import {
  inRequestContext,
  type LogKeys,
  nextSpan,
  type RequestContext,
  readLogKeys,
  traceparentPattern,
} from '../observability/request-context.ts';
import { beginSpan } from '../observability/span.ts';
import { envelopeOf } from './envelope.ts';

/** The invocation that a reaction runs in. */
export interface Invocation {
  /** Milliseconds until Lambda ends this invocation. */
  remainingMs(): number;
}

/** What a reaction learns beside the event. */
export interface Received extends Invocation {
  /** The message as it was published, with members that this version of the contracts does not know. */
  readonly body: string;
}

export interface ConsumeOptions {
  /** By log key, the member of an event's data whose value every log line of the event has. */
  readonly logKeys?: LogKeys;
}

/** Time that an invocation keeps for its answer, in milliseconds. */
const msForAnswer = 500;
/** With less time left, no message is begun: redelivering it costs less than an invocation that times out. */
const msPerMessage = 1_000;

/**
 * A function that consumes a subscription: `consume(on(OrderPlaced, async ({ data }) => { ... }))`, with options before
 * the reactions where it needs any.
 *
 * The messages of a FIFO group are handled one after the other, and groups side by side. When a message fails, the later
 * ones of its group are returned to the queue untried. The answer names all of these (`ReportBatchItemFailures`), SQS
 * redelivers them, and after the queue's `maxReceiveCount` it dead-letters them. Events of other types are acknowledged.
 *
 * Every receive counts for each message of a batch, tried or not. So a message on its last receive is always tried, and
 * one that fails then does not stop the later ones of its group: SQS will not redeliver it.
 *
 * Environment: `MAX_RECEIVE_COUNT`, the `maxReceiveCount` of the queue.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @throws TypeError at load when two reactions handle the same event type
 * @throws EnvironmentError at load
 */
export function consume(...reactions: readonly Reaction<Received>[]): Consumer;
export function consume(options: ConsumeOptions, ...reactions: readonly Reaction<Received>[]): Consumer;
export function consume(
  first: ConsumeOptions | Reaction<Received> = {},
  ...rest: readonly Reaction<Received>[]
): Consumer {
  const env = environment({ MAX_RECEIVE_COUNT: positiveInteger });
  const { logKeys = {} }: ConsumeOptions = 'definition' in first ? {} : first;
  const index = byType('definition' in first ? [first, ...rest] : rest);
  const isLastReceive = (record: SQSRecord) => receiveCount(record) >= env.MAX_RECEIVE_COUNT;

  /** @returns whether the message was handled */
  function handle(
    record: SQSRecord,
    invocation: Invocation,
    deadline?: Deadline,
  ): boolean | Promise<boolean> {
    const read = readEvent(record.body, index);
    if (read.outcome === 'ignored') {
      count('EventsIgnored');
      log.debug('Event ignored', { type: read.type });
      return true;
    }
    if (read.outcome === 'invalid') {
      // No Error: its stack would say nothing, and takes longer than the rest of the message.
      const error = { name: 'InvalidEventError', message: describeIssues(read.issues) };
      const endSpan = beginSpan?.('consumer', ...unreadableSpanOf(record));
      endSpan?.(`${error.name}: ${error.message}`);
      return failed(record, error);
    }
    const { event, reaction } = read;
    return inRequestContext({ ...contextOf(event, logKeys), ...deadline }, () =>
      react(record, reaction, event, invocation),
    );
  }

  /** The last try of a message ends in time for the last tries of the messages behind it. */
  function tryForTheLastTime(record: SQSRecord, behind: number, { remainingMs }: Invocation) {
    const usableMs = remainingMs() - msForAnswer;
    const shareMs = Math.floor(Math.max(usableMs - behind * msPerMessage, usableMs / (behind + 1), 0));
    const laterMs = remainingMs() - shareMs;
    const invocation = { remainingMs: () => remainingMs() - laterMs };
    return handle(record, invocation, { deadline: AbortSignal.timeout(shareMs) });
  }

  /** @returns the ids of the messages that failed or were not tried */
  async function handleGroup(group: readonly SQSRecord[], invocation: Invocation): Promise<string[]> {
    const notHandled: string[] = [];
    // A message before this one will be redelivered, so this one waits, unless this is its last receive.
    let held = false;
    let lastTries = group.filter(isLastReceive).length;
    for (const record of group) {
      const last = isLastReceive(record);
      if (last) lastTries--;
      else held ||= invocation.remainingMs() < msPerMessage;
      const handled = last
        ? await tryForTheLastTime(record, lastTries, invocation)
        : !held && (await handle(record, invocation));
      if (handled) continue;
      notHandled.push(record.messageId);
      held ||= !last;
    }
    return notHandled;
  }

  return async ({ Records }, context) => {
    beginInvocation(context);
    const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
    const notHandled = await Promise.all(groupsOf(Records).map((group) => handleGroup(group, invocation)));
    flushMetrics();
    return { batchItemFailures: notHandled.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

type Consumer = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
type Deadline = Pick<RequestContext, 'deadline'>;

function queueOf({ eventSourceARN }: SQSRecord): string | undefined {
  return eventSourceARN.split(':').at(-1);
}

function receiveCount({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

/** @returns whether the reaction succeeded */
async function react(
  record: SQSRecord,
  reaction: Reaction<Received>,
  event: CloudEvent,
  { remainingMs }: Invocation,
): Promise<boolean> {
  const endSpan = beginSpan?.('consumer', ...spanOf(record, event));
  try {
    await reaction.handle(event, { remainingMs, body: record.body });
    endSpan?.();
    count('EventsHandled');
    return true;
  } catch (error) {
    endSpan?.(error);
    return failed(record, error);
  }
}

function contextOf({ id, correlationid, traceparent, data }: CloudEvent, logKeys: LogKeys): RequestContext {
  return {
    correlationId: correlationid,
    causationId: id,
    traceparent: nextSpan(traceparent),
    parent: traceparent,
    eventId: id,
    logKeys: readLogKeys(logKeys, data),
  };
}

/** Name and attributes: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function spanOf(
  record: SQSRecord,
  { id, type, subject }: Partial<Pick<CloudEvent, 'id' | 'type' | 'subject'>>,
) {
  const attributes = {
    'messaging.system': 'aws_sqs',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queueOf(record),
    'messaging.message.id': id,
    'cloudevents.event_type': type,
    'cloudevents.event_subject': subject,
    'orderly.receive_count': receiveCount(record),
  };
  return [`process ${type === undefined ? 'message' : eventName(type)}`, attributes] as const;
}

/** The span of a message that is no valid event, with a context of its own. */
function unreadableSpanOf(record: SQSRecord) {
  const envelope = envelopeOf(record.body);
  const { traceparent = '', correlationid: correlationId, id: eventId } = envelope;
  const parent = traceparentPattern.test(traceparent) ? traceparent : undefined;
  const context = { traceparent: nextSpan(parent), parent, correlationId, eventId };
  return [...spanOf(record, { id: record.messageId, ...envelope }), context] as const;
}

/** By FIFO group, in order. Each message of a standard queue is a group of its own: such a queue keeps no order. */
function groupsOf(records: readonly SQSRecord[]): readonly (readonly SQSRecord[])[] {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const { MessageGroupId } = record.attributes;
    const isOrdered = MessageGroupId !== undefined && record.eventSourceARN.endsWith('.fifo');
    const key = isOrdered ? MessageGroupId : `message:${record.messageId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()];
}

function failed(record: SQSRecord, error: unknown): false {
  const { messageId } = record;
  count('EventsFailed');
  log.error('Message failed; it will be redelivered or dead-lettered', {
    message_id: messageId,
    queue: queueOf(record),
    receive_count: receiveCount(record),
    error,
  });
  return false;
}
