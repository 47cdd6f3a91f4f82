import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Order } from '@orderly/client';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';
import { client, confirmedOrders, placeOrder, reaches, stockedProduct } from '../api.ts';
import { localPlatform } from '../platform.ts';
import { expectQuiet, queues } from '../queues.ts';
import { type InterceptingProxy, startProxy } from './aws-proxy.ts';
import { installExample, type Project, type Running } from './project.ts';

const subscription = 'order-events--warehouse';
const inbox = () => queues.url(subscription);
const deadLetters = () => queues.url(`dlq--${subscription}`);
const spool = () => join(project.folder, 'spool');

let project: Project;
let sqs: InterceptingProxy;
let running: Running;

beforeAll(async () => {
  project = await installExample('warehouse-poller');
  sqs = await startProxy(localPlatform().sqs);
  await subscribe();
  await stop();
});
afterEach(stop);
afterAll(async () => {
  await project?.remove();
  for (const url of [await inbox(), await deadLetters()]) await queues.delete(url);
  sqs.close();
});

const start = () => project.start({ AWS_ENDPOINT_URL_SQS: sqs.url });

async function stop(): Promise<void> {
  running?.signal('SIGKILL');
  await running?.ended;
}

/** Starts it for the first time. Publishers look for new subscriptions every second: waits until this one is known. */
async function subscribe(): Promise<void> {
  const sku = await stockedProduct(50);
  running = start();
  const orders: Order[] = [];
  await eventually(async () => {
    orders.push(...(await confirmedOrders(sku, [1])));
    await eventually(() => expect(Promise.any(orders.map(titleOf))).resolves.toBe('PICK LIST'), 5_000);
  });
}

/** What is printed for an order, and when: another time stamp would be another print. */
async function sheetOf(orderId: string): Promise<{ readonly text: string; readonly printedAt: number }> {
  const file = join(spool(), `${orderId}.txt`);
  return { text: await readFile(file, 'utf8'), printedAt: (await stat(file)).mtimeMs };
}

/** Every sheet that is there, by order. */
async function sheetsIn(folder: string): Promise<ReadonlyMap<string, Awaited<ReturnType<typeof sheetOf>>>> {
  const orderIds = (await readdir(folder))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.replace('.txt', ''));
  return new Map(
    await Promise.all(orderIds.map(async (orderId) => [orderId, await sheetOf(orderId)] as const)),
  );
}

const titleOf = async (order?: Pick<Order, 'orderId'>) =>
  (await sheetOf(order?.orderId ?? '')).text.split(` ${order?.orderId}`)[0];

const sheetsOf = (orders: readonly Order[]) => Promise.all(orders.map(({ orderId }) => sheetOf(orderId)));

it('the warehouse example passes its own tests', async () => {
  await project.run('npm', ['test']);
});

it('the warehouse example prints a pick list for every order from then on, and withdraws those that are cancelled', async () => {
  running = start();
  const sku = await stockedProduct(10);

  const orders = await confirmedOrders(sku, [1, 2, 7]);
  const rejected = await placeOrder({ lines: [[sku, 1]] });
  await eventually(async () => {
    const texts = (await sheetsOf(orders)).map(({ text }) => text);
    expect(texts).toEqual(
      orders.map(
        ({ orderId, lines: [line] }) =>
          `PICK LIST ${orderId}, version 2\n${String(line?.quantity).padStart(6)} x ${sku}  Test ${sku}\n`,
      ),
    );
  });
  for (const order of orders.slice(0, 2)) await client.orders.cancelOrder(order);

  await eventually(async () => {
    expect(await Promise.all(orders.map(titleOf))).toEqual(['WITHDRAWN', 'WITHDRAWN', 'PICK LIST']);
  });
  await reaches(rejected.orderId, 'REJECTED');
  await expectQuiet(subscription);
  expect(await readdir(spool())).not.toContain(`${rejected.orderId}.txt`);
});

it('the warehouse example prints nothing that was cancelled already, and nothing twice', async () => {
  running = start();
  const url = await inbox();
  const [early, doubled] = [randomUUID(), randomUUID()];
  const confirmed = (orderId: string) =>
    JSON.stringify(sampleEvent(OrderConfirmed, { sequence: 2, data: { orderId } }));

  await queues.send(
    url,
    JSON.stringify(sampleEvent(OrderCancelled, { sequence: 3, data: { orderId: early } })),
  );
  await queues.send(url, confirmed(doubled));
  await eventually(async () => expect(await titleOf({ orderId: early })).toBe('CANCELLED'));
  const before = await eventually(() => sheetOf(doubled));
  await queues.send(url, confirmed(early));
  await queues.send(url, confirmed(doubled));
  await expectQuiet(subscription);

  expect(await titleOf({ orderId: early })).toBe('CANCELLED');
  expect(await sheetOf(doubled)).toEqual(before);
});

const kill = async (): Promise<undefined> => {
  running.signal('SIGKILL');
};

/** Ends it as soon as so many sheets are there, and in any case before it acknowledges one. */
async function killWhenPrinted(count: number): Promise<void> {
  sqs.intercept('DeleteMessageBatch', 1, kill);
  const printed = new Set<string>();
  for await (const { filename } of watch(spool(), { signal: AbortSignal.timeout(240_000) })) {
    if (filename?.endsWith('.txt')) printed.add(filename);
    if (printed.size === count) return void kill();
  }
}

describe.each([
  ['when some is printed and nothing acknowledged', () => killWhenPrinted(2)],
  ['when all is printed and nothing acknowledged', () => sqs.intercept('DeleteMessageBatch', 1, kill)],
  [
    'when it has acknowledged and has no answer',
    () => sqs.intercept('DeleteMessageBatch', 1, (forward) => forward().then(kill)),
  ],
])('an example that is killed in the middle of a batch, %s,', (_, crash) => {
  it('loses nothing and prints nothing twice', async () => {
    const sku = await stockedProduct(60);
    const orders = await confirmedOrders(sku, [1, 2, 3, 4, 5, 6, 7, 8]);
    // All of them wait in the queue, so that they come in one batch.
    await eventually(async () => expect((await queues.depth(await inbox())).waiting).toBe(orders.length));

    const crashed = crash();
    running = start();
    await crashed;
    expect(await running.ended).toBeNull();
    sqs.reset();
    const before = await sheetsIn(spool());
    for (const order of orders.slice(0, 2)) await client.orders.cancelOrder(order);
    running = start();

    for (const order of orders.slice(0, 2)) {
      await eventually(async () => expect(await titleOf(order)).toMatch(/^(WITHDRAWN|CANCELLED)$/));
    }
    await expectQuiet(subscription);
    for (const order of orders.slice(2)) {
      expect(await titleOf(order)).toBe('PICK LIST');
      expect(await sheetOf(order.orderId)).toEqual(before.get(order.orderId) ?? expect.anything());
    }
  });
});

describe('the warehouse example, when it is asked to stop,', () => {
  it('finishes its batch first', async () => {
    const orders = await confirmedOrders(await stockedProduct(6), [1, 2, 3]);
    await eventually(async () => expect((await queues.depth(await inbox())).waiting).toBe(orders.length));
    const asked = sqs.intercept('DeleteMessageBatch', 1, async (forward) => {
      running.signal('SIGTERM');
      return forward();
    });

    running = start();
    await asked;

    expect(await running.ended).toBe(0);
    expect(await queues.depth(await inbox())).toEqual({ waiting: 0, inFlight: 0 });
    expect(await Promise.all(orders.map(titleOf))).toEqual(['PICK LIST', 'PICK LIST', 'PICK LIST']);
  });

  it('does not wait for messages any longer', async () => {
    const asked = new Promise<number>((at) => {
      sqs.intercept('ReceiveMessage', 1, (forward) => {
        running.signal('SIGINT');
        at(Date.now());
        return forward();
      });
    });
    running = start();

    expect(await running.ended).toBe(0);
    // It would have waited for 20 seconds.
    expect(Date.now() - (await asked)).toBeLessThan(20_000);
  });
});
