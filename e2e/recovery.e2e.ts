import { randomUUID } from 'node:crypto';
import { getOrder, placeOrder, stockedProduct } from './api.ts';
import { eventually } from './eventually.ts';
import { orderly, orderlyJson } from './orderly.ts';
import { changeQueue, depthOf, giveUpAfter, queueName, queueUrl, sendToQueue } from './queues.ts';
import { replayedOrders, storedOrders } from './replaying.ts';
import { demo, killDemos } from './run-demo.ts';

interface Listed {
  readonly name: string;
  readonly messages: number;
}

interface Shown {
  readonly queue: string;
  readonly letters: readonly {
    readonly messageId: string;
    readonly reason: string;
    readonly target?: string;
    readonly event?: { readonly type: string; readonly subject: string };
  }[];
}

interface TopologyShown {
  readonly topics: readonly {
    readonly subscriptions: readonly { readonly consumer: string; readonly deadLetters: number | null }[];
  }[];
}

const deadLetters = async (): Promise<Readonly<Record<string, number>>> => {
  const queues = await orderlyJson<Listed[]>('dlq', 'list');
  const filled = queues.filter(({ messages }) => messages > 0);
  return Object.fromEntries(filled.map(({ name, messages }) => [name, messages]));
};

const lettersIn = async (queue: string): Promise<Shown['letters']> =>
  (await orderlyJson<Shown[]>('dlq', 'show', queue)).flatMap(({ letters }) => letters);

/** The subscriptions that get poison; each has a dead-letter queue of the same name. */
const poisoned = ['order-events--inventory', 'inventory-events--orders'];
const inbox = (subscription: string) => queueUrl(queueName(`${subscription}.fifo`));
const deadLetterQueue = (rest: string) => queueName(`dlq--${rest}.fifo`);

const restore: (() => Promise<void>)[] = [];
afterEach(async () => {
  killDemos();
  for (const undo of restore.splice(0)) await undo();
});

async function sendPoison(): Promise<void> {
  for (const subscription of poisoned) {
    const url = await inbox(subscription);
    // Two tries instead of five: each takes a visibility timeout.
    restore.push(await giveUpAfter(url, await queueUrl(deadLetterQueue(subscription)), 2));
    await sendToQueue(url, '{"type":', randomUUID());
  }
}

/** Breaks inventory's subscription: it takes less than an order of eight lines needs. @returns what mends it */
async function refuseOrders(): Promise<() => Promise<void>> {
  const accept = await changeQueue(await inbox('order-events--inventory'), { MaximumMessageSize: '1024' });
  restore.push(accept);
  return accept;
}

it('poison and what a subscriber refused are shown with the reason, and with the cause gone nothing is left', async () => {
  const skus = await Promise.all(Array.from({ length: 8 }, () => stockedProduct(10)));
  // Once this one is through, the orders service knows all products, and nothing of it is on its way any more.
  const first = await placeOrder({ lines: skus.map((sku) => [sku, 1]) });
  await eventually(async () => expect((await getOrder(first.orderId)).status).toBe('CONFIRMED'));
  await sendPoison();
  const accept = await refuseOrders();
  const orders = [
    await placeOrder({ lines: skus.map((sku) => [sku, 2]) }),
    await placeOrder({ lines: skus.map((sku) => [sku, 11]) }),
  ];

  const expected = {
    [deadLetterQueue('order-events--inventory')]: 1,
    [deadLetterQueue('inventory-events--orders')]: 1,
    [deadLetterQueue('order-events')]: 2,
  };
  for (const [queue, waiting] of Object.entries(expected)) {
    const url = await queueUrl(queue);
    await eventually(async () => expect(await depthOf(url)).toEqual({ waiting, inFlight: 0 }), 60_000);
  }
  expect(await deadLetters()).toEqual(expected);
  const parked = await lettersIn('order-events');
  expect(parked.map(({ event }) => event?.subject).sort()).toEqual(
    orders.map(({ orderId }) => orderId).sort(),
  );
  expect(parked.map(({ reason }) => reason)).toEqual(orders.map(() => expect.stringContaining('1024 bytes')));
  const poison = (await Promise.all(poisoned.map(lettersIn))).flat();
  expect(poison.map(({ reason }) => reason)).toEqual(poisoned.map(() => 'breaks its contract: Invalid JSON'));

  await accept();
  const ids = poison.flatMap(({ messageId }) => ['--message', messageId]);
  expect(await orderly('dlq', 'drop', ...ids, '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Dropped 2 messages.'),
  });
  expect(await orderly('dlq', 'redrive', '--all')).toMatchObject({
    code: 0,
    out: expect.stringContaining('put back 2 of 2'),
  });

  await eventually(async () => {
    const statuses = await Promise.all(orders.map(async ({ orderId }) => (await getOrder(orderId)).status));
    // There are ten pieces of each.
    expect(statuses).toEqual(['CONFIRMED', 'REJECTED']);
  });
  expect(await deadLetters()).toEqual({});
  const { topics } = await orderlyJson<TopologyShown>('topology');
  const queues = topics.flatMap(({ subscriptions }) => subscriptions);
  expect(queues.map(({ consumer, deadLetters }) => [consumer, deadLetters])).toEqual(
    expect.arrayContaining([
      ['inventory', 0],
      ['notifications', 0],
      ['orders', 0],
    ]),
  );
}, 120_000);

it('a demo run with poison and a broken subscriber comes out right once they are gone, for new subscribers too', async () => {
  let placing = false;
  const outcome = demo(['--limit', '30', '--seed', '4'], (log) => {
    placing ||= log.includes('Placing');
  });
  await eventually(() => expect(placing).toBe(true), 120_000);
  await sendPoison();
  const accept = await refuseOrders();
  const expected = [...poisoned.map(deadLetterQueue), deadLetterQueue('order-events')].sort();
  await eventually(async () => expect(Object.keys(await deadLetters()).sort()).toEqual(expected), 60_000);

  await accept();
  const poison = (await Promise.all(poisoned.map(lettersIn))).flat();
  const ids = poison.flatMap(({ messageId }) => ['--message', messageId]);
  expect(await orderly('dlq', 'drop', ...ids, '--yes')).toMatchObject({ code: 0 });
  expect(await orderly('dlq', 'redrive', '--all')).toMatchObject({ code: 0 });

  // The demo has waited for its orders all the while; it checks orders, stock, events and dead letters.
  const { code, summary } = await outcome;
  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(code).toBe(0);
  expect(await deadLetters()).toEqual({});
  const stored = await storedOrders();
  expect([...stored.values()]).not.toContain('PLACED');
  const { received } = await replayedOrders();
  expect([...received].sort()).toEqual([...stored].sort());
}, 240_000);
