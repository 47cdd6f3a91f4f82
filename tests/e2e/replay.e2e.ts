import { randomUUID } from 'node:crypto';
import { OrderCancelled, OrderConfirmed, OrderRejected, OrderShipped } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { topics } from '@orderly/support/queues';
import {
  client,
  confirmedOrders,
  getNotifications,
  getOrder,
  getProduct,
  placeOrder,
  reaches,
  stockedProduct,
} from './api.ts';
import { goneEndpoint } from './gone-endpoint.ts';
import { orderly, orderlyJson } from './orderly.ts';
import { isDeployed } from './platform.ts';
import { expectQuiet, queues } from './queues.ts';
import { replay, replayedOrders, statusAfter, storedOrders } from './replaying.ts';

/** Orders in every final state, and confirmed. @returns the id of each by the type of its newest event */
async function ordersInEveryState(sku: string): Promise<ReadonlyMap<string, string>> {
  const confirmed = await confirmedOrders(sku, [1, 1, 1]);
  const rejected = await placeOrder({ lines: [[sku, 1_000]] });
  await reaches(rejected.orderId, 'REJECTED');
  const [stays = '', cancelled = '', shipped = ''] = confirmed.map(({ orderId }) => orderId);
  await client.orders.cancelOrder({ orderId: cancelled });
  await client.orders.shipOrder({ orderId: shipped });
  await eventually(async () => {
    const { onHand, reserved } = await getProduct(sku);
    expect([onHand, reserved]).toEqual([9, 1]);
  });
  return new Map([
    [OrderConfirmed.type, stays],
    [OrderCancelled.type, cancelled],
    [OrderShipped.type, shipped],
    [OrderRejected.type, rejected.orderId],
  ]);
}

it('a new subscriber gets exactly the orders in the table, each once, as they are', async () => {
  const ours = await ordersInEveryState(await stockedProduct(10));

  const { received, counts } = await replayedOrders();

  const stored = await storedOrders();
  expect([...received].sort()).toEqual([...stored].sort());
  expect([counts.aggregates, counts.failed]).toEqual([stored.size, 0]);
  for (const [type, orderId] of ours) expect(received).toContainEqual([orderId, statusAfter(type)]);
});

it('what is replayed of each topic is valid by the published schemas', async () => {
  // What webhooks publishes is about an endpoint that is gone, and a deployed stage cannot reach one here.
  const replayed = isDeployed() ? topics.filter((topic) => topic !== 'webhook-events') : topics;
  if (!isDeployed()) await (await goneEndpoint()).receiver.close();
  // published-events.ts reads these queues, and fails the run for an event that is not.
  for (const topic of replayed) {
    const { counts } = await replay(topic, queues.name(`${topic}--schema-check`));
    expect([counts.sent > 0, counts.failed]).toEqual([true, 0]);
  }
});

it('a replay to the subscriptions of the platform itself changes nothing', async () => {
  const sku = await stockedProduct(10);
  const orders = [...(await ordersInEveryState(sku)).values()];
  const state = async () => ({
    product: await getProduct(sku),
    orders: await Promise.all(orders.map(getOrder)),
    notifications: await Promise.all(orders.map(getNotifications)),
  });
  await eventually(async () => {
    const { notifications } = await state();
    expect(notifications.flat().map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'SENT'));
  });
  const before = await state();

  const subscriptions = [
    ['order-events', 'order-events--inventory.fifo'],
    ['order-events', 'order-events--notifications.fifo'],
    ['inventory-events', 'inventory-events--orders.fifo'],
  ] as const;
  for (const [topic, subscription] of subscriptions) {
    const { counts } = await replay(topic, queues.name(subscription), '--yes');
    expect(counts.sent).toBeGreaterThan(0);
  }

  for (const [, subscription] of subscriptions) {
    await expectQuiet(subscription);
  }
  expect(await state()).toEqual(before);
});

it('the trace of an order shows what each service did, in one flow', async () => {
  const sku = await stockedProduct(1);
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });
  await eventually(async () =>
    expect((await getNotifications(orderId)).map(({ status }) => status)).toEqual(['SENT']),
  );

  const traced = await orderlyJson<{
    timeline: { what: string; event?: { correlationid: string } }[];
    odd: string[];
  }>('trace', orderId);

  expect(traced.timeline.map(({ what }) => what)).toEqual([
    'PLACED',
    'stock RESERVED',
    'CONFIRMED',
    'order-confirmed SENT',
  ]);
  const flows = traced.timeline.flatMap(({ event }) => event?.correlationid ?? []);
  expect([flows.length, new Set(flows).size, traced.odd]).toEqual([3, 1, []]);
  expect(await orderly('trace', randomUUID())).toMatchObject({ code: 1 });
});
