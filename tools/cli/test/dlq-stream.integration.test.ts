import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { CloudEvent } from '@orderly/contracts';
import { marshalled, outboxOf } from './outbox.ts';
import { orderEvent, TestStage } from './stage.ts';

const dynamodb = new DynamoDBClient({});
const streams = new DynamoDBStreamsClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '' });

interface Written {
  readonly streamArn: string;
  readonly shardId: string;
  /** Of the records, in order. */
  readonly sequenceNumbers: readonly string[];
}

/** A table whose stream holds a write without events and one for each event. */
async function writeOutboxes(table: string, events: readonly CloudEvent[]): Promise<Written> {
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'silent' } } }));
  for (const event of events) {
    const Item = { pk: { S: event.subject }, outbox: marshalled(outboxOf(event)) };
    await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  }
  return readPositions(TableDescription?.LatestStreamArn ?? '');
}

async function readPositions(streamArn: string): Promise<Written> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const shardId = StreamDescription?.Shards?.[0]?.ShardId ?? '';
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  const sequenceNumbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
  return { streamArn, shardId, sequenceNumbers };
}

/** What Lambda sends when it gives up on these records. */
function position({ streamArn, shardId }: Written, from = '', to = ''): string {
  return JSON.stringify({
    requestContext: {
      requestId: 'c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5',
      functionArn: 'arn:aws:lambda:us-east-2:123456789012:function:publish-events',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 1001,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    version: '1.0',
    timestamp: '2026-11-24T12:00:00.000Z',
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: from,
      endSequenceNumber: to,
      approximateArrivalOfFirstRecord: '2026-11-24T00:00:00Z',
      approximateArrivalOfLastRecord: '2026-11-24T00:00:00Z',
      batchSize: 3,
      streamArn,
    },
  });
}

/** The stream that the table had before it was made anew. */
const elsewhere = (streamArn: string): string =>
  streamArn.replace(/\/stream\/.*/, '/stream/2020-01-01T00:00:00.000');

/** A topic with a parking queue, an on-failure queue and two subscriptions, one of which wants no such event. */
async function topic() {
  const stage = new TestStage();
  return {
    stage,
    failures: await stage.createQueue('dlq--order-events--stream'),
    parked: await stage.createQueue('dlq--order-events.fifo'),
    all: await stage.createQueue('order-events--all.fifo'),
    some: await stage.createQueue('order-events--some.fifo', {}, { 'orderly:events': 'OrderShipped' }),
  };
}

it('events of failed stream records are published again as the publisher does, and only those', async () => {
  const { stage, failures, all, some } = await topic();
  const events = ['before', 'first', 'second', 'after'].map((subject) => orderEvent(subject));
  const written = await writeOutboxes(`${stage.name}-orders`, events);
  const [, , first, second] = written.sequenceNumbers;
  await stage.send(failures, position(written, first, second));

  const shown = await stage.orderly('dlq', 'show', 'order-events--stream');
  const { code } = await stage.orderly('dlq', 'redrive', 'order-events--stream', '--all');

  expect(shown.out).toContain('RetryAttemptsExhausted after 1001 tries: 3 records of');
  expect(code).toBe(0);
  const got = await stage.drain(all);
  expect(got.map(({ Body = '' }) => JSON.parse(Body))).toEqual(events.slice(1, 3));
  expect(got.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).toEqual(
    events.slice(1, 3).map(({ id }) => id),
  );
  expect(got.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(['first', 'second']);
  expect([await stage.messagesIn(some), await stage.messagesIn(failures)]).toEqual([0, 0]);
});

it.each([
  [
    'are not there to the end',
    (written: Written) => {
      const [, one = ''] = written.sequenceNumbers;
      return position(written, one, String(BigInt(one) + 1n).padStart(one.length, '0'));
    },
  ],
  [
    'were in a stream that is gone',
    ({ sequenceNumbers: [, one], ...written }: Written) =>
      position({ ...written, sequenceNumbers: [], streamArn: elsewhere(written.streamArn) }, one, one),
  ],
])(
  'records that %s are not published in part: the position stays, and the command points to replay',
  async (_how, body) => {
    const { stage, failures, all } = await topic();
    const written = await writeOutboxes(`${stage.name}-orders`, [orderEvent('one')]);
    await stage.send(failures, body(written));

    const { code, out } = await stage.orderly('dlq', 'redrive', '--all');

    expect([code, out]).toEqual([1, expect.stringContaining('orderly replay --topic order-events')]);
    expect([await stage.messagesIn(all), await stage.messagesIn(failures)]).toEqual([0, 1]);
  },
);

it('a message without a position stays, and the others are redriven', async () => {
  const { stage, failures, all } = await topic();
  const written = await writeOutboxes(`${stage.name}-orders`, [orderEvent('one')]);
  await stage.send(failures, 'hello');
  await stage.send(failures, position(written, written.sequenceNumbers[1], written.sequenceNumbers[1]));

  const { code, out } = await stage.orderly('dlq', 'redrive', '--all');

  expect([code, out]).toEqual([1, expect.stringContaining('it is not a message of Lambda about a stream')]);
  expect([await stage.messagesIn(all), await stage.messagesIn(failures)]).toEqual([1, 1]);
});
