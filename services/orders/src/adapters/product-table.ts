import type { Sku } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { openTable } from '@orderly/functions/table/table';
import type { Product } from '../domain/basket.ts';

/** The replica of a product, with the version of inventory's product that it shows. */
interface ProductItem extends Product {
  readonly pk: string;
  readonly sequence: number;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<ProductItem>(env.TABLE_NAME);
const key = (sku: Sku) => ({ pk: `PRODUCT#${sku}` });

/** Takes over what inventory tells of a product, unless something newer is here already. */
export async function saveProduct(product: Product, sequence: number): Promise<void> {
  const { sku, name, price, currency, onSale = true } = product;
  await table.put(
    { ...key(sku), sku, name, price, currency, onSale, sequence },
    {
      expression: 'attribute_not_exists(pk) OR #sequence < :sequence',
      names: { '#sequence': 'sequence' },
      values: { ':sequence': sequence },
    },
  );
}

/** The products that are known, by SKU; a replica that is behind anyway needs no consistent read. */
export async function findProducts(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, Product>> {
  const items = await table.getMany(skus.map(key), false);
  return new Map(items.map((item) => [item.sku, item]));
}
