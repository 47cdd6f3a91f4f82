import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isLocal, type Target } from '../target.ts';
import { type DeadLetter, toDeadLetter } from './dead-letter.ts';

/** SQS gives and takes 10 messages a request. */
const MAX_BATCH = 10;
/** How long messages are held; when this process dies they are there again after it. Seconds. */
export const HOLD_SECONDS = 60;
/**
 * Long polling asks every server of a queue, short polling only some
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html). An
 * emulator on this machine is one server, and a person who looks into ten empty queues need not wait for it. Seconds.
 */
const waitSecondsOf = (target: Target): number => (isLocal(target, 'sqs') ? 0 : 1);

export interface WalkOptions {
  /** Where the queue is. */
  readonly target: Target;
  readonly signal: AbortSignal;
  /** Messages that came later are left alone, such as those that were put back and failed again. */
  readonly until?: Date;
  /** Messages to look at, at most. */
  readonly limit?: number;
  /** Messages to receive at a time, at most 10. */
  readonly batch?: number;
  /** Waits until so many may be worked on. */
  readonly pace?: (messages: number) => Promise<void>;
}

/**
 * Looks at the messages of a queue in the order in which it gives them, and removes those that are done with.
 *
 * The others are held until the end, so that none is looked at twice, and then given back at once, the last one first:
 * an emulator puts them where it finds room, AWS keeps the order of a group by itself. A FIFO queue gives nothing of a
 * group while one of its messages is held, so what is behind a message that stays is not seen.
 *
 * @param handle gets messages once each, and returns those to remove; what it did with them must be done by then
 * @returns how many were to be removed and could not be: they will be there again
 */
export async function walk(
  sqs: SQSClient,
  url: string,
  { target, signal, until, limit = Number.POSITIVE_INFINITY, batch = MAX_BATCH, pace }: WalkOptions,
  handle: (letters: readonly DeadLetter[]) => Promise<ReadonlySet<DeadLetter>>,
): Promise<{ readonly notRemoved: number }> {
  const held = new Map<string, DeadLetter>();
  let [seen, notRemoved] = [0, 0];
  try {
    while (!signal.aborted && seen < limit) {
      const letters = await receive(sqs, url, Math.min(batch, limit - seen), waitSecondsOf(target));
      if (letters.length === 0) break;
      const fresh = letters.filter(
        ({ messageId, sentAt }) => !held.has(messageId) && (until === undefined || sentAt <= until),
      );
      for (const letter of letters) held.set(letter.messageId, letter);
      if (fresh.length === 0) continue;
      seen += fresh.length;
      const done = [...(await handle(fresh))];
      const removed = await remove(sqs, url, done);
      for (const { messageId } of removed) held.delete(messageId);
      notRemoved += done.length - removed.length;
      await pace?.(done.length);
    }
  } finally {
    await giveBack(sqs, url, [...held.values()].reverse());
  }
  return { notRemoved };
}

async function receive(
  sqs: SQSClient,
  QueueUrl: string,
  messages: number,
  waitSeconds: number,
): Promise<DeadLetter[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: messages,
      VisibilityTimeout: HOLD_SECONDS,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(toDeadLetter);
}

async function remove(
  sqs: SQSClient,
  QueueUrl: string,
  letters: readonly DeadLetter[],
): Promise<readonly DeadLetter[]> {
  if (letters.length === 0) return [];
  const Entries = letters.map(({ receiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
  }));
  const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  const removed = new Set(Successful.map(({ Id }) => Id));
  return letters.filter((_, index) => removed.has(String(index)));
}

async function giveBack(sqs: SQSClient, QueueUrl: string, letters: readonly DeadLetter[]): Promise<void> {
  for (let from = 0; from < letters.length; from += MAX_BATCH) {
    const Entries = letters.slice(from, from + MAX_BATCH).map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: 0,
    }));
    // An entry that is refused was held for too long and is back already.
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}
