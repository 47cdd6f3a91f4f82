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
 * @param sent its id, and when it is sent in milliseconds since the epoch
 */
export const failureMessage = (
  from: DiscardedFrom,
  discarded: Discarded,
  sent: { readonly requestId: string; readonly at: number },
): unknown => {
  const { records, condition, invokeCount, functionError } = discarded;
  const first = records[0];
  const last = records.at(-1);
  return {
    requestContext: {
      requestId: sent.requestId,
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
    timestamp: new Date(sent.at).toISOString(),
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
