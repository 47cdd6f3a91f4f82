import { type OrderId, ProductUpserted, type Sku, StockRejected, StockReserved } from '@orderly/contracts';
import { deliver, seal } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { findOrder } from '../src/adapters/order-table.ts';
import { findProducts } from '../src/adapters/product-table.ts';
import { handler } from '../src/functions/consume-inventory-events.ts';
import { line, newSku, noon, orderId, product, short } from './builders.ts';
import { placed } from './stored.ts';

withResourcesOf('orders');

const reserved = (id: OrderId) =>
  seal(StockReserved.of({ orderId: id, lines: [line('MUG', 3)], reservedAt: noon.toISOString() }), {
    subject: id,
  });
const rejected = (id: OrderId) =>
  seal(StockRejected.of({ orderId: id, shortages: [short('MUG', 3, 1)], rejectedAt: noon.toISOString() }), {
    subject: id,
  });
const upserted = (sku: Sku, price: number, sequence: number) =>
  seal(ProductUpserted.of({ ...product(sku, price) }), { subject: sku, sequence });

const outbox = (id: OrderId) => outboxOf('test-orders', { pk: `ORDER#${id}` });

it('StockReserved confirms the order, and causes OrderConfirmed', async () => {
  const { orderId } = await placed();
  const event = reserved(orderId);

  const failed = await deliver(handler, event);

  expect(failed).toEqual([]);
  expect(await findOrder(orderId)).toMatchObject({ status: 'CONFIRMED', version: 2 });
  expect(await outbox(orderId)).toMatchObject([
    { type: 'orderly.order.confirmed.v1', sequence: 2, correlationid: 'a-flow', causationid: event.id },
  ]);
});

it('StockRejected rejects the order with what was short', async () => {
  const { orderId } = await placed();

  await deliver(handler, rejected(orderId));

  expect(await findOrder(orderId)).toMatchObject({
    status: 'REJECTED',
    version: 2,
    shortages: [short('MUG', 3, 1)],
  });
});

it('an event that comes again or too late is acknowledged and changes nothing', async () => {
  const { orderId } = await placed();
  await deliver(handler, reserved(orderId));
  const before = await storedItem('test-orders', { pk: `ORDER#${orderId}` });

  const failed = await deliver(handler, reserved(orderId), rejected(orderId), reserved(orderId));

  expect(failed).toEqual([]);
  expect(await storedItem('test-orders', { pk: `ORDER#${orderId}` })).toEqual(before);
});

it('gives back an event about an unknown order, and handles the others', async () => {
  const { orderId: known } = await placed();

  const failed = await deliver(handler, reserved(orderId()), reserved(known));

  expect(failed).toEqual([0]);
  expect(await findOrder(known)).toMatchObject({ status: 'CONFIRMED' });
});

it('ProductUpserted feeds the replica; an older one that comes later is ignored', async () => {
  const sku = newSku();

  const failed = await deliver(handler, upserted(sku, 100, 1), upserted(sku, 300, 9), upserted(sku, 200, 4));

  expect(failed).toEqual([]);
  expect((await findProducts([sku])).get(sku)).toMatchObject({ price: 300 });
});
