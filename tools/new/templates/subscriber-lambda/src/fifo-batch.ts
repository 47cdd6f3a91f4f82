import type { SQSBatchItemFailure, SQSBatchResponse, SQSRecord } from 'aws-lambda';

/**
 * Handles a batch of a FIFO queue message by message. After a failure the later messages of its group are given back
 * untried, so that each order's events stay in order; other orders proceed.
 *
 * A receive counts for every message of the batch, tried or not. So a message on its last receive is always tried. If
 * it fails then, it holds nothing back: SQS moves it to the dead-letter queue.
 *
 * @param maxReceiveCount of the queue
 * @returns the messages that were not handled: SQS redelivers or dead-letters them
 */
export async function handleInOrder(
  records: readonly SQSRecord[],
  handle: (body: string) => Promise<unknown>,
  maxReceiveCount: number,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  const stopped = new Set<string>();
  for (const { messageId, body, attributes } of records) {
    const group = attributes.MessageGroupId ?? messageId;
    const isLast = Number(attributes.ApproximateReceiveCount) >= maxReceiveCount;
    const mayTry = isLast || !stopped.has(group);
    if (mayTry && (await succeeds(messageId, () => handle(body)))) continue;
    batchItemFailures.push({ itemIdentifier: messageId });
    if (!isLast) stopped.add(group);
  }
  return { batchItemFailures };
}

async function succeeds(messageId: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    console.error(`Message ${messageId} failed; it will be redelivered or dead-lettered`, error);
    return false;
  }
}
