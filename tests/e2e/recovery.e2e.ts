import { eventually } from '@orderly/support/eventually';
import { getOrder, placeOrder, reaches, stockedProduct } from './api.ts';
import { orderlyJson } from './orderly.ts';
import { queues } from './queues.ts';
import {
  deadLetterQueue,
  deadLetters,
  dropPoisonAndRedrive,
  lettersIn,
  poisoned,
  refuseOrders,
  restoreQueues,
  sendPoison,
} from './trouble.ts';

interface TopologyShown {
  readonly topics: readonly {
    readonly subscriptions: readonly { readonly consumer: string; readonly deadLetters: number | null }[];
  }[];
}

afterEach(restoreQueues);

it('poison and what a subscriber refused are shown with the reason, and with the cause gone nothing is left', async () => {
  const skus = await Promise.all(Array.from({ length: 8 }, () => stockedProduct(10)));
  // Once this one is through, the orders service knows all products, and nothing of it is on its way any more.
  const first = await placeOrder({ lines: skus.map((sku) => [sku, 1]) });
  await reaches(first.orderId, 'CONFIRMED');
  await sendPoison();
  const accept = await refuseOrders();
  const orders = [
    await placeOrder({ lines: skus.map((sku) => [sku, 2]) }),
    await placeOrder({ lines: skus.map((sku) => [sku, 11]) }),
  ];

  const expected = { 'order-events--inventory': 1, 'inventory-events--orders': 1, 'order-events': 2 };
  for (const [rest, waiting] of Object.entries(expected)) {
    const url = await queues.url(`dlq--${rest}.fifo`);
    await eventually(async () => expect(await queues.depth(url)).toEqual({ waiting, inFlight: 0 }));
  }
  const byName = Object.entries(expected).map(([rest, waiting]) => [deadLetterQueue(rest), waiting]);
  expect(await deadLetters()).toEqual(Object.fromEntries(byName));
  const parked = await lettersIn('order-events');
  expect(parked.map(({ event }) => event?.subject).sort()).toEqual(
    orders.map(({ orderId }) => orderId).sort(),
  );
  expect(parked.map(({ reason }) => reason)).toEqual(orders.map(() => expect.stringContaining('1024 bytes')));
  const poison = (await Promise.all(poisoned.map(lettersIn))).flat();
  expect(poison.map(({ reason }) => reason)).toEqual(poisoned.map(() => 'breaks its contract: Invalid JSON'));

  await accept();
  expect(await dropPoisonAndRedrive()).toMatchObject([
    { code: 0, out: expect.stringContaining('Dropped 2 messages.') },
    { code: 0, out: expect.stringContaining('put back 2 of 2') },
  ]);

  await eventually(async () => {
    const statuses = await Promise.all(orders.map(async ({ orderId }) => (await getOrder(orderId)).status));
    // There are ten pieces of each.
    expect(statuses).toEqual(['CONFIRMED', 'REJECTED']);
  });
  expect(await deadLetters()).toEqual({});
  const { topics } = await orderlyJson<TopologyShown>('topology');
  const shown = topics.flatMap(({ subscriptions }) => subscriptions);
  expect(shown.map(({ consumer, deadLetters }) => [consumer, deadLetters])).toEqual(
    expect.arrayContaining([
      ['inventory', 0],
      ['notifications', 0],
      ['orders', 0],
    ]),
  );
});
