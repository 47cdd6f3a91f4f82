import { created, http, ok } from '@orderly/functions/http/handler';
import { saveProduct } from '../adapters/product-table.ts';
import { ProductDetails, ProductPath, productLocation } from '../api/products.ts';

export const handler = http({ path: ProductPath, body: ProductDetails }, async ({ path: { sku }, body }) => {
  const { outcome, product } = await saveProduct(sku, body);
  return outcome === 'created' ? created(productLocation(sku), product) : ok(product);
});
