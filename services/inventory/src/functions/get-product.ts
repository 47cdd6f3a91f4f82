import { http, ok } from '@orderly/lambda/http';
import { ProductPath, productNotFound } from '../product-http.ts';
import { findProduct } from '../product-table.ts';

export const handler = http({ path: ProductPath }, async ({ path: { sku } }) => {
  const product = await findProduct(sku);
  if (product === undefined) throw productNotFound(sku);
  return ok(product);
});
