import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Discarded } from './stream-delivery.ts';
import type { StreamRecord } from './stream-record.ts';

export interface DiscardedFrom {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
}

const created = (record: StreamRecord | undefined): string =>
  new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();

/**
 * What Lambda sends to an on-failure queue: where the records are, not the records.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export const failureMessage = (from: DiscardedFrom, discarded: Discarded, now = new Date()): unknown => {
  const { records, condition, invokeCount, functionError } = discarded;
  const first = records[0];
  const last = records.at(-1);
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: from.functionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(functionError ? { functionError: 'Unhandled' } : {}),
    },
    version: '1.0',
    timestamp: now.toISOString(),
    DDBStreamBatchInfo: {
      shardId: from.shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: created(first),
      approximateArrivalOfLastRecord: created(last),
      batchSize: records.length,
      streamArn: from.streamArn,
    },
  };
};

/** Sends the message to the queue with this ARN. */
export const sendFailure = async (sqs: SQSClient, queueArn: string, message: unknown): Promise<void> => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueArn.split(':').at(-1) }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
};
