import { fallback } from '@orderly/lambda/http';

export const handler = fallback({
  '/products': ['GET'],
  '/products/{sku}': ['GET', 'PUT'],
  '/products/{sku}/adjustments': ['POST'],
});
