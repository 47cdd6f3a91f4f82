import { methodNotAllowed } from '@orderly/lambda/http';

export const handler = methodNotAllowed({
  '/orders': ['GET', 'POST'],
  '/orders/{orderId}': ['GET'],
  '/orders/{orderId}/cancel': ['POST'],
  '/orders/{orderId}/ship': ['POST'],
});
