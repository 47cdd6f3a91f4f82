import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** A message of a dead-letter queue, held by this process for a while. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** FIFO queues only. */
  readonly group?: string;
  readonly deduplicationId?: string;
  /**
   * When it came to this queue. A standard queue on AWS, and the local emulator, say instead when it was sent
   * to the queue that it was in before
   * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html).
   */
  readonly sentAt: Date;
  readonly firstReceivedAt: Date;
  /** Over all queues it was in; each look counts, too. */
  readonly receives: number;
}

/** Reads a message that was received with all its attributes. */
export function toDeadLetter(message: Message): DeadLetter {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  const { MessageGroupId: group, MessageDeduplicationId: deduplicationId } = Attributes;
  const sent = Number(Attributes.SentTimestamp ?? 0);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: MessageAttributes,
    ...(group !== undefined && { group }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    sentAt: new Date(sent),
    firstReceivedAt: new Date(Number(Attributes.ApproximateFirstReceiveTimestamp ?? sent)),
    receives: Number(Attributes.ApproximateReceiveCount ?? 0),
  };
}

/** The URL of the queue that a parked event was meant for. */
export function targetOf({ attributes }: DeadLetter): string | undefined {
  return attributes.target?.StringValue;
}
