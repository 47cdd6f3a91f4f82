import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type DataOf, defineEvent, inBothVersions, OrderPlaced, on } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { DynamoDBRecord } from 'aws-lambda';
import * as v from 'valibot';
import { consume } from '../src/messaging/consume.ts';
import { type Outbox, outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';
import { absent, openTable } from '../src/table/table.ts';
import { context } from './invocations.ts';
import { sqsRecord } from './records.ts';
import { newPublisher } from './topic-under-test.ts';

/**
 * A new major version from the outbox to its readers: the total of an order gets its currency beside it. The service
 * tells each change in both versions, through its table's stream, to a reader of each.
 */

const Money = v.object({ amount: v.pipe(v.number(), v.integer()), currency: v.string() });
const OrderPlacedV2 = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.placed.v2',
  data: v.object({ orderId: v.string(), customerId: v.string(), total: Money }),
  previous: {
    definition: OrderPlaced,
    upcast: ({ orderId, customer, total, currency }) => ({
      orderId,
      customerId: customer.id,
      total: { amount: total, currency },
    }),
  },
});
const inV2 = (data: DataOf<typeof OrderPlaced>) =>
  OrderPlacedV2.of({
    orderId: data.orderId,
    customerId: data.customer.id,
    total: { amount: data.total, currency: data.currency },
  });

interface Item {
  readonly pk: string;
  readonly outbox: Outbox;
}

const stage = `v${randomUUID().slice(0, 8)}`;
const tableName = `${stage}-orders`;
const [sqs, dynamodb, streams] = [
  new SQSClient({}),
  new DynamoDBClient({}),
  new DynamoDBStreamsClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
];
const table = openTable<Item>(tableName);
let streamArn: string;
const queues: string[] = [];
let publish: ReturnType<typeof newPublisher>;

async function createQueue(name: string): Promise<string> {
  const command = new CreateQueueCommand({
    QueueName: `${stage}-${name}`,
    Attributes: { FifoQueue: 'true' },
  });
  const { QueueUrl = '' } = await sqs.send(command);
  queues.push(QueueUrl);
  return QueueUrl;
}

beforeAll(async () => {
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  streamArn = TableDescription?.LatestStreamArn ?? '';
  const unchanged = process.env.STAGE;
  process.env.STAGE = stage;
  publish = newPublisher();
  process.env.STAGE = unchanged;
});
afterAll(async () => {
  for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await dynamodb.send(new DeleteTableCommand({ TableName: tableName }));
  for (const client of [sqs, dynamodb, streams]) client.destroy();
});

/** Every record of the table's stream so far, as Lambda hands them over. */
async function streamRecords(): Promise<DynamoDBRecord[]> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const records: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    // The API and Lambda's event have the same records, but for the case of one key and the type of the time.
    records.push(...Records.map(({ dynamodb: change }) => ({ dynamodb: change }) as DynamoDBRecord));
  }
  return records;
}

/** Hands everything in a queue to a consumer, as Lambda does. @returns how many messages there were */
async function consumeAll(QueueUrl: string, handler: ReturnType<typeof consume>): Promise<number> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  if (Messages.length === 0) return 0;
  const Records = Messages.map(({ Body = '', Attributes }) => sqsRecord(Body, Attributes?.MessageGroupId));
  expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
  for (const { ReceiptHandle } of Messages) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  return Messages.length + (await consumeAll(QueueUrl, handler));
}

const place = (data: DataOf<typeof OrderPlaced>, version: 'v1' | 'both') =>
  inRequestContext({ correlationId: 'flow', causationId: 'cause' }, () => {
    const v1 = OrderPlaced.of(data);
    const events = version === 'v1' ? [v1] : inBothVersions(v1, inV2(data));
    return table.put(
      { pk: data.orderId, outbox: outbox({ subject: data.orderId, sequence: 1 }, events) },
      absent,
    );
  });

it('during a migration old and new readers work side by side, and each sees every change once', async () => {
  const [old, renewed] = [
    await createQueue('order-events--old.fifo'),
    await createQueue('order-events--new.fifo'),
  ];
  const order = sampleEvent(OrderPlaced).data;
  const [before, during] = [
    { ...order, orderId: sampleEvent(OrderPlaced, { data: { orderId: randomUUID() } }).data.orderId },
    { ...order, orderId: sampleEvent(OrderPlaced, { data: { orderId: randomUUID() } }).data.orderId },
  ];
  const seen: { by: string; orderId: string; total: unknown }[] = [];
  const oldReader = consume(
    on(OrderPlaced, async ({ data: { orderId, total } }) => void seen.push({ by: 'old', orderId, total })),
  );
  const newReader = consume(
    on(OrderPlacedV2, async ({ data: { orderId, total } }) => void seen.push({ by: 'new', orderId, total })),
  );

  // One order from before the migration, one in it; and the stream comes twice, as it does after a crash.
  await place(before, 'v1');
  await place(during, 'both');
  const Records = await streamRecords();
  expect(await publish({ Records })).toEqual({ batchItemFailures: [] });
  expect(await publish({ Records })).toEqual({ batchItemFailures: [] });
  const delivered = [await consumeAll(old, oldReader), await consumeAll(renewed, newReader)];

  expect(delivered).toEqual([3, 3]);
  // Between two orders there is no order.
  const seenBy = (reader: string) =>
    seen.filter(({ by }) => by === reader).toSorted((a, b) => a.orderId.localeCompare(b.orderId));
  const orderIds = [before.orderId, during.orderId].toSorted((a, b) => a.localeCompare(b));
  const money = { amount: order.total, currency: order.currency };
  expect(seenBy('old')).toEqual(orderIds.map((orderId) => ({ by: 'old', orderId, total: order.total })));
  expect(seenBy('new')).toEqual(orderIds.map((orderId) => ({ by: 'new', orderId, total: money })));
});
