import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { environment, positiveInteger } from '../env.ts';
import type { Handle, Invocation, Message } from '../messaging/message.ts';
import { flushMetrics } from '../observability/metrics.ts';
import { beginInvocation } from './invocation.ts';

/** https://opentelemetry.io/docs/specs/semconv/messaging/sqs/ */
export const messagingSystem = 'aws_sqs';

/** Time that an invocation keeps for its answer, in milliseconds. */
const msForAnswer = 500;
/** With less time left, no message is begun: redelivering it costs less than an invocation that times out. */
const msPerMessage = 1_000;

/**
 * A function that an SQS queue invokes with batches of messages.
 *
 * The messages of a FIFO group are handled one after the other, and groups side by side. When a message fails, the later
 * ones of its group are returned to the queue untried. The answer names all of these (`ReportBatchItemFailures`), SQS
 * redelivers them, and after the queue's `maxReceiveCount` it dead-letters them.
 *
 * Every receive counts for each message of a batch, tried or not. So a message on its last receive is always tried, and
 * one that fails then does not stop the later ones of its group: SQS will not redeliver it.
 *
 * Environment: `MAX_RECEIVE_COUNT`, the `maxReceiveCount` of the queue.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @throws EnvironmentError at load
 */
export function consuming(handle: Handle) {
  const env = environment({ MAX_RECEIVE_COUNT: positiveInteger });
  const isLastReceive = ({ receiveCount }: Message) => receiveCount >= env.MAX_RECEIVE_COUNT;

  /** The last try of a message ends in time for the last tries of the messages behind it. */
  function tryForTheLastTime(message: Message, behind: number, { remainingMs }: Invocation) {
    const usableMs = remainingMs() - msForAnswer;
    const shareMs = Math.floor(Math.max(usableMs - behind * msPerMessage, usableMs / (behind + 1), 0));
    const laterMs = remainingMs() - shareMs;
    const invocation = { remainingMs: () => remainingMs() - laterMs };
    return handle(message, invocation, AbortSignal.timeout(shareMs));
  }

  /** @returns the ids of the messages that failed or were not tried */
  async function handleGroup(group: readonly Message[], invocation: Invocation): Promise<string[]> {
    const notHandled: string[] = [];
    // A message before this one will be redelivered, so this one waits, unless this is its last receive.
    let held = false;
    let lastTries = group.filter(isLastReceive).length;
    for (const message of group) {
      const last = isLastReceive(message);
      if (last) lastTries--;
      else held ||= invocation.remainingMs() < msPerMessage;
      const handled = last
        ? await tryForTheLastTime(message, lastTries, invocation)
        : !held && (await handle(message, invocation));
      if (handled) continue;
      notHandled.push(message.id);
      held ||= !last;
    }
    return notHandled;
  }

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    beginInvocation(context);
    const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
    const notHandled = await Promise.all(groupsOf(Records).map((group) => handleGroup(group, invocation)));
    flushMetrics();
    return { batchItemFailures: notHandled.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

function messageOf({ messageId: id, body, eventSourceARN, attributes }: SQSRecord): Message {
  const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);
  return { id, body, queue, receiveCount: Number(attributes.ApproximateReceiveCount) };
}

/** By FIFO group, in order. Each message of a standard queue is a group of its own: such a queue keeps no order. */
function groupsOf(records: readonly SQSRecord[]): readonly (readonly Message[])[] {
  const groups = new Map<string, Message[]>();
  for (const record of records) {
    const { MessageGroupId } = record.attributes;
    const isOrdered = MessageGroupId !== undefined && record.eventSourceARN.endsWith('.fifo');
    const key = isOrdered ? MessageGroupId : `message:${record.messageId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [messageOf(record)]);
    else group.push(messageOf(record));
  }
  return [...groups.values()];
}
