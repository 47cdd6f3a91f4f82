import { byType, type CloudEvent, InvalidEventError, type Reaction, readEvent } from '@orderly/contracts';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { environment, positiveInteger } from '../env.ts';
import { beginInvocation, log } from '../observability/log.ts';
import { count, flushMetrics } from '../observability/metrics.ts';
import { inRequestContext, nextSpan, type RequestContext } from '../observability/request-context.ts';

/** What a reaction may need to know of the invocation it runs in. */
export interface Invocation {
  /** Milliseconds until Lambda ends this invocation. */
  remainingMs(): number;
}

/** Time that an invocation keeps for its answer. */
const msForAnswer = 500;
/** With less time left a message is not begun: giving it back costs less than an invocation that times out. */
const msPerMessage = 1_000;

/**
 * A function that consumes a subscription: `consume(on(OrderPlaced, async ({ data }) => { ... }))`.
 *
 * Messages of one FIFO group run one after the other, groups run side by side. When a message fails, the later
 * ones of its group are given back unprocessed and the other groups go on; the answer names what failed
 * (`ReportBatchItemFailures`), SQS delivers it again and after the queue's `maxReceiveCount` moves it to the
 * dead-letter queue. Events of unknown types are acknowledged.
 *
 * Every receive counts for each message of a batch, also for one that is given back unprocessed. So a message on
 * its last receive is always tried, and one that fails then does not hold back the later ones: SQS will not deliver
 * it again.
 *
 * Environment: `MAX_RECEIVE_COUNT`, the `maxReceiveCount` of the queue.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @throws TypeError at load when two reactions are tied to the same type
 */
export function consume(...reactions: readonly Reaction<Invocation>[]) {
  const env = environment({ MAX_RECEIVE_COUNT: positiveInteger });
  const index = byType(reactions);
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
      return giveBack(record, new InvalidEventError(read.issues));
    }
    const { event, reaction } = read;
    return inRequestContext({ ...contextOf(event), ...deadline }, () =>
      react(record, reaction, event, invocation),
    );
  }

  /** The last try of a message ends early enough for the last tries of those behind it. */
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
    // A message that comes again: what is behind it waits, as long as it comes again, too.
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

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    beginInvocation(context);
    const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
    const failed = await Promise.all(groupsOf(Records).map((group) => handleGroup(group, invocation)));
    flushMetrics();
    return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

type Deadline = Pick<RequestContext, 'deadline'>;

function receiveCount({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

/** @returns whether the reaction went well */
async function react(
  record: SQSRecord,
  reaction: Reaction<Invocation>,
  event: CloudEvent,
  invocation: Invocation,
): Promise<boolean> {
  try {
    await reaction.handle(event, invocation);
    count('EventsHandled');
    return true;
  } catch (error) {
    return giveBack(record, error);
  }
}

function contextOf({ id, correlationid, traceparent, data }: CloudEvent): RequestContext {
  const orderId = data instanceof Object && 'orderId' in data ? data.orderId : undefined;
  return {
    correlationId: correlationid,
    causationId: id,
    traceparent: nextSpan(traceparent),
    eventId: id,
    orderId,
  };
}

/** By FIFO group, in order; a message of a standard queue, which knows groups but no order, is on its own. */
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

function giveBack(record: SQSRecord, error: unknown): false {
  const { messageId, eventSourceARN } = record;
  count('EventsFailed');
  log.error('Message failed; it will be delivered again or parked', {
    message_id: messageId,
    queue: eventSourceARN.split(':').at(-1),
    receive_count: receiveCount(record),
    error,
  });
  return false;
}
