import { methodNotAllowed } from '@orderly/lambda/http';

export const handler = methodNotAllowed({
  '/products': ['GET'],
  '/products/{sku}': ['GET', 'PUT'],
  '/products/{sku}/adjustments': ['POST'],
});
