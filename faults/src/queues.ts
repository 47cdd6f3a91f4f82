import { CreateQueueCommand, PurgeQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { listQueues } from '@orderly/lambda/subscriptions';

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

/** Empties every queue of a stage. */
export async function purge(sqs: SQSClient, stage: string): Promise<void> {
  for (const QueueUrl of await listQueues(sqs, `${stage}-`))
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
}
