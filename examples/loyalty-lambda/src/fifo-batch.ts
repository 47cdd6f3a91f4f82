import type { SQSBatchItemFailure, SQSBatchResponse, SQSRecord } from 'aws-lambda';

/**
 * Handles a batch of a FIFO queue message by message. Once one fails, the later ones of its group are given back
 * untried, so that each order's events stay in order; other orders go on.
 *
 * @returns what failed: SQS delivers it again, and after `maxReceiveCount` moves it to the dead-letter queue
 */
export async function handleInOrder(
  records: readonly SQSRecord[],
  handle: (body: string) => Promise<unknown>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  const stopped = new Set<string>();
  for (const { messageId, body, attributes } of records) {
    const group = attributes.MessageGroupId ?? messageId;
    if (stopped.has(group) || !(await succeeds(messageId, () => handle(body)))) {
      stopped.add(group);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function succeeds(messageId: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    console.error(`Message ${messageId} failed; it will be delivered again or parked`, error);
    return false;
  }
}
