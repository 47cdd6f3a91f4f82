import type { Sku } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { older } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import type { Product } from '../domain/pricing.ts';

/** The replica of a product, and which version of inventory's product it is. */
interface ProductItem extends Product {
  readonly pk: string;
  readonly sequence: number;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<ProductItem>(env.TABLE_NAME);
const key = (sku: Sku) => ({ pk: `PRODUCT#${sku}` });

/** Stores a product as inventory published it, unless a newer version is here already. */
export async function saveProduct(product: Product, sequence: number): Promise<void> {
  const { sku, name, price, currency, onSale = true } = product;
  const item = { ...key(sku), sku, name, price, currency, onSale, sequence };
  await table.put(item, older('sequence', sequence));
}

/** The known products by SKU. A replica is behind anyway, so the read need not be consistent. */
export async function findProducts(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, Product>> {
  const items = await table.getMany(skus.map(key), false);
  return new Map(items.map((item) => [item.sku, item]));
}
