import { created, http, ok } from '@orderly/lambda/http';
import { ProductDetails, ProductPath, productLocation } from '../product-http.ts';
import { saveProduct } from '../product-table.ts';

export const handler = http({ path: ProductPath, body: ProductDetails }, async ({ path: { sku }, body }) => {
  const { outcome, product } = await saveProduct(sku, body);
  return outcome === 'created' ? created(productLocation(sku), product) : ok(product);
});
