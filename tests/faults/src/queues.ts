import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { listQueues } from '@orderly/functions/messaging/subscriptions';

/** High throughput FIFO, as the platform's own subscriptions. @returns its URL */
export async function createFifoQueue(sqs: SQSClient, QueueName: string): Promise<string> {
  const Attributes = {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (QueueUrl === undefined) throw new Error(`Queue ${QueueName} has no URL`);
  return QueueUrl;
}

/** Empties every queue of a stage of what can be received: SQS purges a queue only once a minute, and runs follow sooner. */
export async function emptyQueues(sqs: SQSClient, stage: string): Promise<void> {
  for (const url of await listQueues(sqs, `${stage}-`)) await emptyQueue(sqs, url);
}

async function emptyQueue(sqs: SQSClient, QueueUrl: string): Promise<void> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return;
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
