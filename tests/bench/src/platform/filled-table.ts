import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { inParallel } from '@orderly/support/parallel';
import type { MeasuredPlatform } from './measured-platform.ts';

/** DynamoDB takes 25 items a BatchWriteItem. */
const BATCH = 25;
const REQUESTS_AT_ONCE = 8;
/** So many that each shard of the table's stream has some, most likely. */
const PROBES = 32;

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Puts so many confirmed orders into the orders table as if they had been placed long ago: without an outbox, so that
 * nothing is to be published. Waits until the stream's reader has them behind it.
 *
 * @throws Error when an event of such an order is published
 */
export async function fillOrders(platform: MeasuredPlatform, count: number): Promise<void> {
  const { dynamodb, arrivals, orders, ordersTable } = platform;
  const pattern = await confirmedOrder(platform);
  const ids = Array.from({ length: count }, () => randomUUID());
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, at) =>
    ids.slice(at * BATCH, (at + 1) * BATCH).map((id, place) => pastOrder(pattern, id, at * BATCH + place)),
  );
  await inParallel(batches, REQUESTS_AT_ONCE, (batch) => write(dynamodb, ordersTable, batch));
  // A shard is read in order: what is written now comes after all of them.
  const probes = [];
  for (let n = 0; n < PROBES; n += 1) probes.push(await orders.place(1));
  await orders.settled(probes);
  const published = ids.find((id) => arrivals.isConfirmed(id) || arrivals.isNotified(id));
  if (published !== undefined) throw new Error(`Order ${published} was published, which has no outbox`);
}

async function confirmedOrder({ dynamodb, orders, ordersTable }: MeasuredPlatform): Promise<Item> {
  const order = await orders.place(1);
  await orders.settled([order]);
  const { Item: item } = await dynamodb.send(
    new GetItemCommand({ TableName: ordersTable, Key: { pk: { S: `ORDER#${order.orderId}` } } }),
  );
  if (item === undefined) throw new Error(`${ordersTable} does not hold order ${order.orderId}`);
  return item;
}

function pastOrder({ outbox, ...pattern }: Item, id: string, n: number): Item {
  return {
    ...pattern,
    pk: { S: `ORDER#${id}` },
    orderId: { S: id },
    customerId: { S: `customer-${String(n % 1000).padStart(4, '0')}` },
  };
}

async function write(dynamodb: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let left = items.map((item) => ({ PutRequest: { Item: item } }));
  while (left.length > 0) {
    const { UnprocessedItems } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
    );
    const again = new Set(UnprocessedItems?.[table]?.map(({ PutRequest }) => PutRequest?.Item?.pk?.S));
    left = left.filter(({ PutRequest }) => again.has(PutRequest.Item.pk?.S));
  }
}
