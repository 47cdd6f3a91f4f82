import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({
  '/products': ['GET'],
  '/products/{sku}': ['GET', 'PUT'],
  '/products/{sku}/adjustments': ['POST'],
});
