import { failureMessage } from '../../src/event-source/on-failure.ts';
import { toSqsRecord } from '../../src/event-source/sqs-record.ts';
import { toStreamRecord } from '../../src/event-source/stream-record.ts';

it('shapes a queue message as Lambda does', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'b',
    MD5OfBody: 'md5',
    Attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '1' },
    MessageAttributes: {
      text: { DataType: 'String', StringValue: 's' },
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from('x') },
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
  eventName: 'INSERT' as const,
  eventVersion: '1.1',
  dynamodb: {
    ApproximateCreationDateTime: new Date('2026-01-01T00:00:30.000Z'),
    Keys: { pk: { S: 'a' } },
    NewImage: { pk: { S: 'a' }, list: { L: [{ M: { raw: { B: Buffer.from('x') } } }] } },
    SequenceNumber: '7',
    SizeBytes: 3,
    StreamViewType: 'NEW_IMAGE' as const,
  },
};

it('shapes a stream record as Lambda does: seconds, base64, the region of the service', () => {
  expect(toStreamRecord(change, 'arn:stream', 'eu-central-1')).toEqual({
    eventID: 'e',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn:stream',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_767_225_630,
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, list: { L: [{ M: { raw: { B: 'eA==' } } }] } },
      SequenceNumber: '7',
      SizeBytes: 3,
      StreamViewType: 'NEW_IMAGE',
    },
  });
});

it('tells the on-failure queue where the records are, not what is in them', () => {
  const from = { functionArn: 'arn:function', streamArn: 'arn:stream', shardId: 'shard' };
  const discarded = {
    records: [toStreamRecord(change, 'arn:stream', 'eu-central-1')],
    condition: 'RetryAttemptsExhausted' as const,
    invokeCount: 4,
    functionError: true,
  };
  const message = failureMessage(from, discarded, new Date('2026-01-01T00:01:00.000Z'));
  expect(message).toEqual({
    requestContext: {
      requestId: expect.any(String),
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
