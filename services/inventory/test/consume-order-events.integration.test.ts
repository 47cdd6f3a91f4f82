import {
  OrderCancelled,
  type OrderId,
  OrderPlaced,
  OrderShipped,
  type SkuQuantity,
} from '@orderly/contracts';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { findProduct } from '../src/adapters/product-table.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { newSku, noon, orderData, orderId } from './builders.ts';
import { stocked } from './stocked.ts';

withResourcesOf('inventory');

const at = noon.toISOString();

const placed = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderPlaced.of(orderData(id, lines)), { subject: id });
const cancelled = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderCancelled.of({ ...orderData(id, lines), cancelledAt: at }), { subject: id, sequence: 2 });
const shipped = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderShipped.of({ ...orderData(id, lines), shippedAt: at }), { subject: id, sequence: 3 });

const stored = (id: OrderId) => storedItem('test-inventory', { pk: `RESERVATION#${id}` });
const outbox = (id: OrderId) => outboxOf('test-inventory', { pk: `RESERVATION#${id}` });

it('OrderPlaced reserves, and causes StockReserved', async () => {
  const [sku, id] = [await stocked(5), orderId()];
  const event = placed(id, { sku, quantity: 2 });

  expect(await deliver(handler, event)).toEqual([]);

  expect(await findProduct(sku)).toMatchObject({ onHand: 5, reserved: 2, available: 3 });
  expect(await outbox(id)).toMatchObject([
    {
      type: 'orderly.stock.reserved.v1',
      source: 'orderly/inventory',
      correlationid: 'a-flow',
      causationid: event.id,
      data: { orderId: id, lines: [{ sku, quantity: 2 }] },
    },
  ]);
});

it('OrderPlaced with too many pieces or unknown SKUs is rejected, and each of these SKUs is named', async () => {
  const [few, enough, id] = [await stocked(1), await stocked(5), orderId()];
  const unknown = newSku();
  const wanted = [few, enough, unknown].map((sku) => ({ sku, quantity: 2 }));

  expect(await deliver(handler, placed(id, ...wanted))).toEqual([]);

  const shortages = [
    { sku: few, requested: 2, available: 1 },
    { sku: unknown, requested: 2, available: 0 },
  ];
  expect(await stored(id)).toMatchObject({ status: 'REJECTED', shortages });
  expect(await outbox(id)).toMatchObject([{ type: 'orderly.stock.rejected.v1', data: { shortages } }]);
  expect(await findProduct(enough)).toMatchObject({ reserved: 0, available: 5 });
});

it.each([
  ['placed', [placed], { onHand: 5, reserved: 2, available: 3 }, 'RESERVED', 1],
  ['cancelled', [placed, cancelled], { onHand: 5, reserved: 0, available: 5 }, 'RELEASED', 2],
  ['shipped', [placed, shipped], { onHand: 3, reserved: 0, available: 3 }, 'SHIPPED', 2],
  [
    'cancelled before it was placed',
    [cancelled, placed],
    { onHand: 5, reserved: 0, available: 5 },
    'RELEASED',
    1,
  ],
])(
  'an order that is %s, with every event redelivered, changes the stock once',
  async (what, events, levels, status, version) => {
    const [sku, id] = [await stocked(5), orderId()];
    const messages = events.map((event) => event(id, { sku, quantity: 2 }));
    await deliver(handler, ...messages);
    const before = await stored(id);

    const failed = [
      await deliver(handler, ...messages),
      await deliver(handler, ...messages.filter(({ type }) => type !== OrderCancelled.type)),
      ...(await Promise.all([deliver(handler, ...messages), deliver(handler, ...messages)])),
    ];

    expect(failed.flat()).toEqual([]);
    expect(await findProduct(sku)).toMatchObject(levels);
    expect(await stored(id)).toEqual(before);
    expect(before).toMatchObject({ status, version });
    // The mark of an early cancellation is no news.
    const published = { type: `orderly.stock.${status.toLowerCase()}.v1`, subject: id, sequence: version };
    expect(await outbox(id)).toEqual(
      what.startsWith('cancelled before') ? undefined : [expect.objectContaining(published)],
    );
  },
);

it('gives back OrderShipped of an order without a reservation, and handles other orders', async () => {
  const [sku, id] = [await stocked(5), orderId()];
  const unknown = orderId();

  const failed = await deliver(
    handler,
    shipped(unknown, { sku, quantity: 2 }),
    placed(unknown, { sku, quantity: 2 }),
    placed(id, { sku, quantity: 2 }),
  );

  // The later message of the same order waits for the earlier one.
  expect(failed).toEqual([0, 1]);
  expect(await stored(unknown)).toBeUndefined();
  expect(await stored(id)).toMatchObject({ status: 'RESERVED' });
});
