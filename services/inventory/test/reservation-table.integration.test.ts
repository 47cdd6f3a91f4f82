import type { OrderId, Sku, SkuQuantity } from '@orderly/contracts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeReservation } from '../src/adapters/change-reservation.ts';
import { findProduct, saveProduct } from '../src/adapters/product-table.ts';
import type { Product } from '../src/domain/product.ts';
import { details, orderId } from './builders.ts';
import { inContext, restock, stocked } from './stocked.ts';

withResourcesOf('inventory');

const levels = async (sku: Sku) => {
  const { onHand, reserved, available } = (await findProduct(sku)) ?? ({} as Partial<Product>);
  return { onHand, reserved, available };
};
const stored = (id: OrderId) => storedItem('test-inventory', { pk: `RESERVATION#${id}` });

const reserving = (id: OrderId, lines: readonly SkuQuantity[]) =>
  inContext(() => changeReservation({ action: 'reserve', orderId: id, lines }));
const move = (id: OrderId, action: 'release' | 'ship') =>
  inContext(() => changeReservation({ action, orderId: id }));

it('orders that want the same two products in opposite order get both or none', async () => {
  const [a, b] = [await stocked(10), await stocked(10)];
  const orders = Array.from({ length: 20 }, (_, index) => ({
    id: orderId(),
    lines: (index % 2 === 0 ? [a, b] : [b, a]).map((sku) => ({ sku, quantity: 1 })),
  }));

  const results = await Promise.all(orders.map(({ id, lines }) => reserving(id, lines)));

  const outcomes = results.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'short')).toHaveLength(10);
  for (const sku of [a, b]) expect(await levels(sku)).toEqual({ onHand: 10, reserved: 10, available: 0 });
});

it('release and ship at once: exactly one of them happens', async () => {
  const races = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const [sku, id] = [await stocked(5), orderId()];
      await reserving(id, [{ sku, quantity: 5 }]);
      return { sku, id };
    }),
  );

  await Promise.all(races.flatMap(({ id }) => [move(id, 'release'), move(id, 'ship'), move(id, 'release')]));

  for (const { sku, id } of races) {
    const shipped = (await stored(id))?.status === 'SHIPPED';
    expect(await levels(sku)).toEqual({ onHand: shipped ? 0 : 5, reserved: 0, available: shipped ? 0 : 5 });
    expect(await stored(id)).toMatchObject({ version: 2 });
  }
});

it('placed and cancelled at once: in the end nothing is reserved', async () => {
  const sku = await stocked(100);
  const orders = Array.from({ length: 20 }, () => orderId());

  await Promise.all(orders.flatMap((id) => [reserving(id, [{ sku, quantity: 1 }]), move(id, 'release')]));

  expect(await levels(sku)).toEqual({ onHand: 100, reserved: 0, available: 100 });
});

it('moving stock removes the outbox of the product, or its last event would be published again', async () => {
  const [sku, id] = [await stocked(0), orderId()];
  const product = () => outboxOf('test-inventory', { pk: `PRODUCT#${sku}` });
  const published = [await product()];
  await restock(sku, 5);
  published.push(await product());
  await inContext(() => saveProduct(sku, details(300)));
  published.push(await product());
  await reserving(id, [{ sku, quantity: 1 }]);
  published.push(await product());

  expect(published).toEqual([
    [expect.objectContaining({ type: 'orderly.product.upserted.v1', sequence: 1 })],
    undefined,
    [expect.objectContaining({ type: 'orderly.product.upserted.v1', sequence: 3 })],
    undefined,
  ]);
});

it('the stock moves while the product is renamed: neither loses the other', async () => {
  const sku = await stocked(50);

  const oneByOne = async () => {
    for (let order = 0; order < 20; order++) await reserving(orderId(), [{ sku, quantity: 1 }]);
  };

  await Promise.all([
    oneByOne(),
    ...[1, 2, 3].map((price) => inContext(() => saveProduct(sku, details(price)))),
  ]);

  expect(await levels(sku)).toEqual({ onHand: 50, reserved: 20, available: 30 });
  // Created, stocked, 20 reservations and up to 3 prices: a version for each.
  expect((await findProduct(sku))?.version).toBe(25);
});

it('orders that want the same SKU at once change it once, by their sum', async () => {
  const sku = await stocked(50);

  await Promise.all(Array.from({ length: 20 }, () => reserving(orderId(), [{ sku, quantity: 2 }])));

  expect(await levels(sku)).toEqual({ onHand: 50, reserved: 40, available: 10 });
  // Created, stocked, and one transaction for 20 orders.
  expect((await findProduct(sku))?.version).toBe(3);
});

it('an order that is too much alone does not take the stock from those it came with', async () => {
  const [sku, other] = [await stocked(3), await stocked(3)];

  const results = await Promise.all([
    reserving(orderId(), [{ sku, quantity: 2 }]),
    reserving(orderId(), [
      { sku, quantity: 4 },
      { sku: other, quantity: 1 },
    ]),
    reserving(orderId(), [{ sku, quantity: 2 }]),
    reserving(orderId(), [{ sku, quantity: 1 }]),
  ]);

  expect(results).toEqual([
    { outcome: 'changed', status: 'RESERVED' },
    { outcome: 'short', shortages: [{ sku, requested: 4, available: 3 }] },
    { outcome: 'short', shortages: [{ sku, requested: 2, available: 0 }] },
    { outcome: 'changed', status: 'RESERVED' },
  ]);
  expect(await levels(sku)).toEqual({ onHand: 3, reserved: 3, available: 0 });
  expect(await levels(other)).toEqual({ onHand: 3, reserved: 0, available: 3 });
});
