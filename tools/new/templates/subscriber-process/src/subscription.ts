import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueNameExists,
  SetQueueAttributesCommand,
  type SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';

const always = {
  // 14 days, the maximum of SQS.
  MessageRetentionPeriod: '1209600',
  SqsManagedSseEnabled: 'true',
};

/**
 * Subscribes to __topic__: creates the queue and its dead-letter queue if they are missing. The name makes the queue a
 * subscription, and the tag names its events. The dead-letter queue's name begins differently, or it would subscribe, too.
 *
 * @returns the subscription's URL
 */
export async function subscribe(sqs: SQSClient, stage: string, events: readonly string[]): Promise<string> {
  const failures = await ensureQueue(sqs, `${stage}-dlq--__topic__--__name__`, always);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: failures, AttributeNames: ['QueueArn'] }),
  );
  return ensureQueue(
    sqs,
    `${stage}-__topic__--__name__`,
    {
      ...always,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 5 }),
    },
    { 'orderly:events': events.join(' ') },
  );
}

async function ensureQueue(
  sqs: SQSClient,
  QueueName: string,
  Attributes: Record<string, string>,
  tags: Record<string, string> = {},
): Promise<string> {
  const QueueUrl = await createQueue(sqs, QueueName, Attributes, tags);
  // An existing queue has kept its tags until now.
  if (Object.keys(tags).length > 0) await sqs.send(new TagQueueCommand({ QueueUrl, Tags: tags }));
  return QueueUrl;
}

async function createQueue(
  sqs: SQSClient,
  QueueName: string,
  Attributes: Record<string, string>,
  tags: Record<string, string>,
): Promise<string> {
  try {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes, tags }));
    return QueueUrl;
  } catch (error) {
    // The queue exists with other attributes.
    if (!(error instanceof QueueNameExists)) throw error;
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    return QueueUrl;
  }
}
