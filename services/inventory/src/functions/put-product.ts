import { Currency, Price, ProductName } from '@orderly/contracts';
import { created, http, ok } from '@orderly/lambda/http';
import * as v from 'valibot';
import { ProductPath } from '../product-http.ts';
import { saveProduct } from '../product-table.ts';

const Details = v.object({ name: ProductName, price: Price, currency: Currency });

export const handler = http({ path: ProductPath, body: Details }, async ({ path: { sku }, body }) => {
  const { outcome, product } = await saveProduct(sku, body);
  return outcome === 'created' ? created(`/products/${sku}`, product) : ok(product);
});
