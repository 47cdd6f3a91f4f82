import { created, http, ok } from '@orderly/lambda/http';
import { ProductDetails, ProductPath } from '../product-http.ts';
import { saveProduct } from '../product-table.ts';

export const handler = http({ path: ProductPath, body: ProductDetails }, async ({ path: { sku }, body }) => {
  const { outcome, product } = await saveProduct(sku, body);
  return outcome === 'created' ? created(`/products/${sku}`, product) : ok(product);
});
