import { byType, type CloudEvent, InvalidEventError, type Reaction, readEvent } from '@orderly/contracts';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Flow, inFlow, nextSpan } from './flow.ts';
import { beginInvocation, log } from './log.ts';
import { count, flushMetrics } from './metrics.ts';

/** What a reaction may need to know of the invocation it runs in. */
export interface Invocation {
  /** Milliseconds until Lambda ends this invocation. */
  remainingMs(): number;
}

/**
 * A function that consumes a subscription: `consume(on(OrderPlaced, async ({ data }) => { ... }))`.
 *
 * Messages of one FIFO group run one after the other, groups run side by side. When a message fails, the later
 * ones of its group are given back unprocessed and the other groups go on; the answer names what failed
 * (`ReportBatchItemFailures`), SQS delivers it again and after the queue's `maxReceiveCount` moves it to the
 * dead-letter queue. Events of unknown types are acknowledged.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @throws TypeError at load when two reactions are tied to the same type
 */
export function consume(...reactions: readonly Reaction<Invocation>[]) {
  const index = byType(reactions);

  /** @returns whether the message was handled */
  function handle(record: SQSRecord, invocation: Invocation): boolean | Promise<boolean> {
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
    return inFlow(flowOf(event), () => react(record, reaction, event, invocation));
  }

  /** @returns the ids of the messages that failed or were not tried */
  async function handleGroup(group: readonly SQSRecord[], invocation: Invocation): Promise<string[]> {
    let position = 0;
    for (const record of group) {
      if (!(await handle(record, invocation))) return group.slice(position).map(({ messageId }) => messageId);
      position++;
    }
    return [];
  }

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    beginInvocation(context);
    const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
    const failed = await Promise.all(groupsOf(Records).map((group) => handleGroup(group, invocation)));
    flushMetrics();
    return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
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

function flowOf({ id, correlationid, traceparent, data }: CloudEvent): Flow {
  const orderId = data instanceof Object && 'orderId' in data ? data.orderId : undefined;
  return {
    correlationId: correlationid,
    causationId: id,
    traceparent: nextSpan(traceparent),
    eventId: id,
    orderId,
  };
}

/** By FIFO group, in order; a message of a standard queue is a group of its own. */
function groupsOf(records: readonly SQSRecord[]): readonly (readonly SQSRecord[])[] {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const key = record.attributes.MessageGroupId ?? `message:${record.messageId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()];
}

function giveBack(record: SQSRecord, error: unknown): false {
  const { messageId, eventSourceARN, attributes } = record;
  const queue = eventSourceARN.split(':').at(-1);
  const receiveCount = Number(attributes.ApproximateReceiveCount);
  count('EventsFailed');
  log.error('Message failed; it will be delivered again or parked', {
    message_id: messageId,
    queue,
    receive_count: receiveCount,
    error,
  });
  return false;
}
