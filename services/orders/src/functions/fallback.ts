import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({
  '/orders': ['GET', 'POST'],
  '/orders/{orderId}': ['GET'],
  '/orders/{orderId}/cancel': ['POST'],
  '/orders/{orderId}/ship': ['POST'],
});
