import { ProductUpserted, parse } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import { type Product, upsert } from '../src/domain/product.ts';
import { details, sku } from './builders.ts';

const mug = sku('MUG');

const existing: Product = {
  ...{ sku: mug, ...details(255) },
  ...{ onHand: 5, reserved: 2, available: 3, version: 7 },
};

it('a new product has no stock yet, is in version 1, and is published', () => {
  expect(upsert(undefined, mug, details(255))).toEqual({
    outcome: 'created',
    product: { ...existing, onHand: 0, reserved: 0, available: 0, version: 1 },
    events: [ProductUpserted.of({ sku: mug, ...details(255) })],
  });
  const sealed = seal(ProductUpserted.of({ sku: mug, ...details(255) }), { subject: mug });
  expect(parse(ProductUpserted.schema, sealed)).toMatchObject({ outcome: 'valid' });
});

it.each([
  ['price', details(300)],
  ['name', details(255, 'Mug')],
  ['currency', details(255, 'White mug', 'EUR')],
])('another %s is a new version, is published, and leaves the stock alone', (_what, changed) => {
  expect(upsert(existing, mug, changed)).toEqual({
    outcome: 'changed',
    product: { ...existing, ...changed, version: 8 },
    events: [ProductUpserted.of({ sku: mug, ...changed })],
  });
});

it('is taken off sale with its stock, stays so without onSale, and is put back', () => {
  const { onSale: _, ...withoutOnSale } = details(300);
  const off = upsert(existing, mug, { ...details(255), onSale: false });
  const cheaper = upsert(off.product, mug, withoutOnSale);
  const back = upsert(cheaper.product, mug, details(300));

  expect(off).toEqual({
    outcome: 'changed',
    product: { ...existing, onSale: false, version: 8 },
    events: [ProductUpserted.of({ sku: mug, ...details(255), onSale: false })],
  });
  expect(cheaper).toMatchObject({ outcome: 'changed', product: { price: 300, onSale: false } });
  expect(upsert(cheaper.product, mug, withoutOnSale)).toMatchObject({ outcome: 'unchanged' });
  expect(back).toMatchObject({ outcome: 'changed', product: { onSale: true, onHand: 5, version: 10 } });
});

it('a new product is on sale unless onSale is false', () => {
  const { onSale: _, ...withoutOnSale } = details(255);

  expect(upsert(undefined, mug, withoutOnSale).product.onSale).toBe(true);
  expect(upsert(undefined, mug, { ...withoutOnSale, onSale: false }).product.onSale).toBe(false);
});

it('the same details again change and publish nothing', () => {
  expect(upsert(existing, mug, details(255))).toEqual({ outcome: 'unchanged', product: existing });
});
