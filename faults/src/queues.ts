import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
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

/** A message in a dead-letter queue. */
export interface DeadLetter {
  readonly queue: string;
  readonly body: string;
  /** The subscription that refused it, where it was parked by a publisher. */
  readonly target: string | undefined;
  readonly message: Message;
}

/** Takes what is in the stage's dead-letter queues out of them. */
export async function takeDeadLetters(sqs: SQSClient, stage: string): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const queue of await listQueues(sqs, `${stage}-dlq--`)) {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      letters.push(...Messages.map((message) => toDeadLetter(queue, message)));
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
    }
  }
  return letters;
}

function toDeadLetter(queue: string, message: Message): DeadLetter {
  const { Body: body = '', MessageAttributes } = message;
  return { queue, body, target: MessageAttributes?.target?.StringValue, message };
}

/** Puts messages back into the subscriptions that they came from. */
export async function redrive(sqs: SQSClient, letters: readonly DeadLetter[]): Promise<void> {
  for (const { queue, body, message } of letters) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue.replace('-dlq--', '-'),
        MessageBody: body,
        MessageGroupId: message.Attributes?.MessageGroupId,
        MessageDeduplicationId: `redrive-${message.MessageId}`,
      }),
    );
  }
}
