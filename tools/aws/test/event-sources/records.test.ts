import { failureMessage } from '../../event-sources/on-failure.ts';
import { toSqsRecord } from '../../event-sources/sqs-record.ts';
import { latestCreation, toStreamRecord } from '../../event-sources/stream-record.ts';

it('shapes a queue message as Lambda does', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'b',
    MD5OfBody: 'md5',
    Attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '1' },
    MessageAttributes: {
      text: { DataType: 'String', StringValue: 's' },
      bytes: { DataType: 'Binary', BinaryValue: 'eA==' },
    },
    MD5OfMessageAttributes: 'md5a',
  };
  expect(toSqsRecord(message, 'arn:aws:sqs:eu-central-1:000000000000:q.fifo')).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'b',
    md5OfBody: 'md5',
    md5OfMessageAttributes: 'md5a',
    attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '1' },
    messageAttributes: {
      text: { stringValue: 's', dataType: 'String', stringListValues: [], binaryListValues: [] },
      bytes: { binaryValue: 'eA==', dataType: 'Binary', stringListValues: [], binaryListValues: [] },
    },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:q.fifo',
    awsRegion: 'eu-central-1',
  });
});

const change = {
  eventID: 'e',
  eventName: 'INSERT',
  eventVersion: '1.1',
  dynamodb: {
    ApproximateCreationDateTime: 1_767_225_630,
    Keys: { pk: { S: 'a' } },
    NewImage: { pk: { S: 'a' }, list: { L: [{ M: { raw: { B: 'eA==' } } }] } },
    SequenceNumber: '7',
    SizeBytes: 3,
    StreamViewType: 'NEW_IMAGE',
  },
};

it('shapes a stream record as Lambda does, with the region of the service', () => {
  expect(toStreamRecord(change, 'arn:stream', 'eu-central-1')).toEqual({
    ...change,
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn:stream',
    awsRegion: 'eu-central-1',
  });
});

it('the message to the on-failure queue has the position of the records, not their content', () => {
  const from = { functionArn: 'arn:function', streamArn: 'arn:stream', shardId: 'shard' };
  const discarded = {
    records: [toStreamRecord(change, 'arn:stream', 'eu-central-1')],
    condition: 'RetryAttemptsExhausted' as const,
    invokeCount: 4,
    functionError: true,
  };
  const sent = { requestId: 'request', at: Date.UTC(2026, 0, 1, 0, 1) };
  const message = failureMessage(from, discarded, sent);
  expect(message).toEqual({
    requestContext: {
      requestId: 'request',
      functionArn: 'arn:function',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 4,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-01-01T00:01:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shard',
      startSequenceNumber: '7',
      endSequenceNumber: '7',
      approximateArrivalOfFirstRecord: '2026-01-01T00:00:30.000Z',
      approximateArrivalOfLastRecord: '2026-01-01T00:00:30.000Z',
      batchSize: 1,
      streamArn: 'arn:stream',
    },
  });
});

it.each([
  ['seconds, as of DynamoDB', 1_767_225_630, 1_767_225_631],
  ['a whole minute, as DynamoDB Local cuts them', 1_767_225_600, 1_767_225_660],
])('takes the latest time that %s can mean', (_name, ApproximateCreationDateTime, expected) => {
  const cut = { ...change, dynamodb: { ...change.dynamodb, ApproximateCreationDateTime } };
  expect(latestCreation(toStreamRecord(cut, 'arn:stream', 'eu-central-1'))).toBe(expected * 1000);
});
