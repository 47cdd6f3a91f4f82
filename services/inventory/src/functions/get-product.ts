import { http, ok } from '@orderly/functions/http/handler';
import { findProduct } from '../adapters/product-table.ts';
import { ProductPath, productNotFound } from '../api/products.ts';

export const handler = http({ path: ProductPath }, async ({ path: { sku } }) => {
  const product = await findProduct(sku);
  if (product === undefined) throw productNotFound(sku);
  return ok(product);
});
