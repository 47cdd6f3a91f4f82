import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { confirmedOrders, getOrder, type OrderBody, placeOrder, send, stockedProduct } from '../api.ts';
import { eventually } from '../eventually.ts';
import { localPlatform } from '../platform.ts';
import { deleteQueue, depthOf, expectQuiet, queueName, queueUrl, sendToQueue } from '../queues.ts';
import { type InterceptingProxy, startProxy } from './aws-proxy.ts';
import { installExample, type Project, type Running } from './project.ts';

const inbox = () => queueUrl(queueName('order-events--warehouse'));
const parked = () => queueUrl(queueName('dlq--order-events--warehouse'));
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
  for (const url of [await inbox(), await parked()]) await deleteQueue(url);
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
  const orders: OrderBody[] = [];
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

const titleOf = async (order?: Pick<OrderBody, 'orderId'>) =>
  (await sheetOf(order?.orderId ?? '')).text.split(` ${order?.orderId}`)[0];

const sheetsOf = (orders: readonly OrderBody[]) => Promise.all(orders.map(({ orderId }) => sheetOf(orderId)));

const cancel = ({ orderId }: OrderBody) => send('orders', 'POST', `/orders/${orderId}/cancel`);

it('passes its own tests', async () => {
  await project.run('npm', ['test']);
});

it('prints a pick list for every order from then on, and withdraws those that are cancelled', async () => {
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
  for (const order of orders.slice(0, 2)) expect((await cancel(order)).status).toBe(200);

  await eventually(async () => {
    expect(await Promise.all(orders.map(titleOf))).toEqual(['WITHDRAWN', 'WITHDRAWN', 'PICK LIST']);
  });
  await eventually(async () => expect((await getOrder(rejected.orderId)).status).toBe('REJECTED'));
  await expectQuiet(await inbox(), await parked());
  expect(await readdir(spool())).not.toContain(`${rejected.orderId}.txt`);
});

it('prints nothing that was cancelled already, and nothing twice', async () => {
  running = start();
  const url = await inbox();
  const [early, doubled] = [randomUUID(), randomUUID()];
  const confirmed = (orderId: string) =>
    JSON.stringify(sampleEvent(OrderConfirmed, { sequence: 2, data: { orderId } }));

  await sendToQueue(
    url,
    JSON.stringify(sampleEvent(OrderCancelled, { sequence: 3, data: { orderId: early } })),
  );
  await sendToQueue(url, confirmed(doubled));
  await eventually(async () => expect(await titleOf({ orderId: early })).toBe('CANCELLED'));
  const before = await eventually(() => sheetOf(doubled));
  await sendToQueue(url, confirmed(early));
  await sendToQueue(url, confirmed(doubled));
  await expectQuiet(await inbox(), await parked());

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
    'when it has acknowledged and not heard so',
    () => sqs.intercept('DeleteMessageBatch', 1, (forward) => forward().then(kill)),
  ],
])('killed in the middle of a batch, %s', (_, crash) => {
  it('loses nothing and prints nothing twice', async () => {
    const sku = await stockedProduct(60);
    const orders = await confirmedOrders(sku, [1, 2, 3, 4, 5, 6, 7, 8]);
    // All of them wait in the queue, so that they come in one batch.
    await eventually(async () => expect((await depthOf(await inbox())).waiting).toBe(orders.length));

    const crashed = crash();
    running = start();
    await crashed;
    expect(await running.ended).toBeNull();
    sqs.reset();
    const before = await sheetsIn(spool());
    for (const order of orders.slice(0, 2)) expect((await cancel(order)).status).toBe(200);
    running = start();

    for (const order of orders.slice(0, 2)) {
      await eventually(async () => expect(await titleOf(order)).toMatch(/^(WITHDRAWN|CANCELLED)$/));
    }
    await expectQuiet(await inbox(), await parked());
    for (const order of orders.slice(2)) {
      expect(await titleOf(order)).toBe('PICK LIST');
      expect(await sheetOf(order.orderId)).toEqual(before.get(order.orderId) ?? expect.anything());
    }
  });
});

describe('asked to stop', () => {
  it('finishes its batch first', async () => {
    const orders = await confirmedOrders(await stockedProduct(6), [1, 2, 3]);
    await eventually(async () => expect((await depthOf(await inbox())).waiting).toBe(orders.length));
    const asked = sqs.intercept('DeleteMessageBatch', 1, async (forward) => {
      running.signal('SIGTERM');
      return forward();
    });

    running = start();
    await asked;

    expect(await running.ended).toBe(0);
    expect(await depthOf(await inbox())).toEqual({ waiting: 0, inFlight: 0 });
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
