import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Order } from '@orderly/client';
import { eventually } from '@orderly/support/eventually';
import { client, confirmedOrders, getOrder, placeOrder, reaches, stockedProduct } from '../api.ts';
import { localPlatform } from '../platform.ts';
import { expectQuiet, queues } from '../queues.ts';
import { type InterceptingProxy, startProxy } from './aws-proxy.ts';
import { installExample, type Project, type Running } from './project.ts';

const subscription = 'order-events--loyalty.fifo';
const inbox = () => queues.url(subscription);
const deadLetters = () => queues.url(`dlq--${subscription}`);
const tableName = () => `${localPlatform().stage}-loyalty`;

let project: Project;
let sqs: InterceptingProxy;
let dynamodb: InterceptingProxy;
let table: DynamoDBClient;
let running: Running;

beforeAll(async () => {
  project = await installExample('loyalty-lambda');
  sqs = await startProxy(localPlatform().sqs);
  dynamodb = await startProxy(localPlatform().dynamodb);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  table = new DynamoDBClient({
    endpoint: localPlatform().dynamodb,
    region: localPlatform().region,
    credentials,
  });
  await subscribe();
  await stop();
});
afterEach(stop);
afterAll(async () => {
  await project?.remove();
  for (const url of [await inbox(), await deadLetters()]) await queues.delete(url);
  await table.send(new DeleteTableCommand({ TableName: tableName() }));
  sqs.close();
  dynamodb.close();
});

async function stop(): Promise<void> {
  running?.signal('SIGKILL');
  await running?.ended;
}

const start = () => project.start({ AWS_ENDPOINT_URL_SQS: sqs.url, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url });

async function balanceOf(customerId: string): Promise<number> {
  const Key = { pk: { S: `CUSTOMER#${customerId}` } };
  const { Item } = await table.send(
    new GetItemCommand({ TableName: tableName(), Key, ConsistentRead: true }),
  );
  return Number(Item?.points?.N ?? 0);
}

/** What the rule gives for an order as the API shows it: a point for each whole EUR, none if it was cancelled. */
function pointsOf({ status, total }: Order): number {
  return status === 'CONFIRMED' || status === 'SHIPPED' ? Math.floor(total / 100) : 0;
}

async function owedTo(orders: readonly Order[]): Promise<number> {
  const current = await Promise.all(orders.map(({ orderId }) => getOrder(orderId)));
  return current.reduce((sum, order) => sum + pointsOf(order), 0);
}

const newCustomer = () => `customer-${randomUUID().slice(0, 8)}`;

/** Starts it for the first time. Publishers look for new subscriptions every second: waits until this one is known. */
async function subscribe(): Promise<void> {
  const sku = await stockedProduct(50);
  running = start();
  const customers: string[] = [];
  await eventually(async () => {
    customers.unshift(newCustomer());
    await confirmedOrders(sku, [2], customers[0]);
    await eventually(async () => expect(await Promise.all(customers.map(balanceOf))).toContain(5), 5_000);
  });
}

it('the loyalty example passes its own tests, and packages for AWS', async () => {
  await project.run('npm', ['test']);
  await project.run('npx', ['sls', 'package', '--stage', 'dev']);

  expect(existsSync(join(project.folder, '.serverless/loyalty.zip'))).toBe(true);
});

it('the loyalty example subscribes while the platform runs, and awards points for every order from then on', async () => {
  running = start();
  const sku = await stockedProduct(12);
  const customerId = newCustomer();

  const orders = await confirmedOrders(sku, [1, 2, 3, 5], customerId);
  await eventually(async () => expect(await balanceOf(customerId)).toBe(2 + 5 + 7 + 12));
  const tooMany = await placeOrder({ lines: [[sku, 2]], customerId });
  // Not later: a cancellation may overtake it, and makes room.
  await reaches(tooMany.orderId, 'REJECTED');
  for (const order of orders.slice(0, 2)) await client.orders.cancelOrder(order);
  for (const order of orders.slice(2, 3)) await client.orders.shipOrder(order);

  await eventually(async () => expect(await balanceOf(customerId)).toBe(7 + 12));
  await expectQuiet(subscription);
  expect(await balanceOf(customerId)).toBe(await owedTo([...orders, tooMany]));
});

/** The request is carried out, and the example ends before the answer comes. */
const crashAfter = (proxy: InterceptingProxy, operation: string, number: number): Promise<void> =>
  proxy.intercept(operation, number, async (forward) => {
    await forward();
    running.signal('SIGKILL');
    return undefined;
  });

describe.each([
  ['when some points are entered and none acknowledged', () => crashAfter(dynamodb, 'TransactWriteItems', 3)],
  ['when it has acknowledged and has no answer', () => crashAfter(sqs, 'DeleteMessageBatch', 1)],
])('an example that is killed in the middle of a batch, %s,', (_, crash) => {
  it('loses nothing and awards nothing twice', async () => {
    const sku = await stockedProduct(40);
    const customerId = newCustomer();
    const orders = await confirmedOrders(sku, [1, 2, 3, 4, 5, 6], customerId);
    // All of them wait in the queue, so that they come in one batch.
    await eventually(async () => expect((await queues.depth(await inbox())).waiting).toBe(orders.length));

    const crashed = crash();
    running = start();
    await crashed;
    expect(await running.ended).toBeNull();
    for (const order of orders.slice(0, 2)) await client.orders.cancelOrder(order);
    running = start();

    await eventually(async () => expect(await balanceOf(customerId)).toBe(7 + 10 + 12 + 15));
    await expectQuiet(subscription);
    expect(await balanceOf(customerId)).toBe(await owedTo(orders));
  });
});

it('the loyalty example finishes its batch before it stops', async () => {
  const sku = await stockedProduct(40);
  const customerId = newCustomer();
  const orders = await confirmedOrders(sku, [1, 2, 3, 4], customerId);
  await eventually(async () => expect((await queues.depth(await inbox())).waiting).toBe(orders.length));

  const asked = dynamodb.intercept('TransactWriteItems', 2, async (forward) => {
    running.signal('SIGTERM');
    return forward();
  });
  running = start();
  await asked;

  expect(await running.ended).toBe(0);
  expect(await queues.depth(await inbox())).toEqual({ waiting: 0, inFlight: 0 });
  expect(await balanceOf(customerId)).toBe(await owedTo(orders));
});
