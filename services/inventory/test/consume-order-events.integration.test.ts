import {
  OrderCancelled,
  type OrderId,
  OrderPlaced,
  OrderShipped,
  type Sku,
  type SkuQuantity,
} from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { recordAdjustment } from '../src/adapters/adjustment-table.ts';
import { findProduct, saveProduct } from '../src/adapters/product-table.ts';
import { adjust } from '../src/domain/adjustment.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { details, newSku, noon, orderId } from './builders.ts';
import { orderData } from './order-events.ts';

withResourcesOf('inventory');

const at = noon.toISOString();

const placed = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderPlaced.of(orderData(id, lines)), { subject: id });
const cancelled = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderCancelled.of({ ...orderData(id, lines), cancelledAt: at }), { subject: id, sequence: 2 });
const shipped = (id: OrderId, ...lines: SkuQuantity[]) =>
  seal(OrderShipped.of({ ...orderData(id, lines), shippedAt: at }), { subject: id, sequence: 3 });

async function stocked(onHand: number): Promise<Sku> {
  const sku = newSku();
  await inRequestContext({ correlationId: 'a', causationId: 'b' }, () => saveProduct(sku, details()));
  await recordAdjustment(adjust(sku, { quantity: onHand, reason: 'delivery' }, undefined, noon));
  return sku;
}

const stored = (id: OrderId) => storedItem('test-inventory', { pk: `RESERVATION#${id}` });
const outbox = (id: OrderId) => outboxOf('test-inventory', { pk: `RESERVATION#${id}` });

it('OrderPlaced reserves, and tells so as a consequence of it', async () => {
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

it('OrderPlaced that asks for too much or for what nobody knows is rejected, and every such SKU named', async () => {
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
  ['placed', [placed], { onHand: 5, reserved: 2, available: 3 }],
  ['cancelled', [placed, cancelled], { onHand: 5, reserved: 0, available: 5 }],
  ['shipped', [placed, shipped], { onHand: 3, reserved: 0, available: 3 }],
  ['cancelled before it was placed', [cancelled, placed], { onHand: 5, reserved: 0, available: 5 }],
])('an order that is %s, and all of it delivered again and again', async (_what, events, levels) => {
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
});

it('an order that was rejected stays so, although stock has come meanwhile', async () => {
  const [sku, id] = [await stocked(1), orderId()];
  await deliver(handler, placed(id, { sku, quantity: 2 }));
  await recordAdjustment(adjust(sku, { quantity: 10, reason: 'delivery' }, undefined, noon));

  expect(await deliver(handler, placed(id, { sku, quantity: 2 }))).toEqual([]);

  expect(await stored(id)).toMatchObject({ status: 'REJECTED', version: 1 });
  expect(await findProduct(sku)).toMatchObject({ reserved: 0, available: 11 });
});

it('gives back a parcel of an order that holds nothing, and goes on with the others', async () => {
  const [sku, id] = [await stocked(5), orderId()];
  const nobody = orderId();

  const failed = await deliver(
    handler,
    shipped(nobody, { sku, quantity: 2 }),
    placed(nobody, { sku, quantity: 2 }),
    placed(id, { sku, quantity: 2 }),
  );

  // The later message of the same order waits for the earlier one.
  expect(failed).toEqual([0, 1]);
  expect(await stored(nobody)).toBeUndefined();
  expect(await stored(id)).toMatchObject({ status: 'RESERVED' });
});

it('gives back a cancellation of what has left', async () => {
  const [sku, id] = [await stocked(5), orderId()];
  await deliver(handler, placed(id, { sku, quantity: 2 }), shipped(id, { sku, quantity: 2 }));

  expect(await deliver(handler, cancelled(id, { sku, quantity: 2 }))).toEqual([0]);

  expect(await findProduct(sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
});

it('a batch of orders for the last pieces of one SKU: as many are reserved as there are pieces', async () => {
  const sku = await stocked(3);
  const orders = Array.from({ length: 10 }, () => orderId());

  const batch = () => deliver(handler, ...orders.map((id) => placed(id, { sku, quantity: 1 })));
  let failed = await batch();
  // What was given back comes again.
  for (let delivery = 1; failed.length > 0 && delivery < 5; delivery++) failed = await batch();

  const statuses = await Promise.all(orders.map(async (id) => (await stored(id))?.status));
  expect(statuses.filter((status) => status === 'RESERVED')).toHaveLength(3);
  expect(statuses.filter((status) => status === 'REJECTED')).toHaveLength(7);
  expect(await findProduct(sku)).toMatchObject({ onHand: 3, reserved: 3, available: 0 });
});
