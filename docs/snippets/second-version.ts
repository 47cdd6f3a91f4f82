import { type DataOf, defineEvent, inBothVersions, Price, ProductUpserted, Sku } from '@orderly/contracts';
import * as v from 'valibot';

export const ProductUpsertedV2 = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.product.upserted.v2',
  data: v.object({ sku: Sku, title: v.string(), price: v.object({ amount: Price, currency: v.string() }) }),
  // Readers of this version also read events of the first one.
  previous: {
    definition: ProductUpserted,
    upcast: ({ sku, name, price, currency }) => ({ sku, title: name, price: { amount: price, currency } }),
  },
});

/** While the first version has readers, the publisher publishes each change in both versions. */
export function productUpserted(old: DataOf<typeof ProductUpserted>) {
  const { sku, name, price, currency } = old;
  return inBothVersions(
    ProductUpserted.of(old),
    ProductUpsertedV2.of({ sku, title: name, price: { amount: price, currency } }),
  );
}
