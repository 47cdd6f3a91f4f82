import { fallback } from '@orderly/lambda/http';

export const handler = fallback({
  '/orders': ['GET', 'POST'],
  '/orders/{orderId}': ['GET'],
  '/orders/{orderId}/cancel': ['POST'],
  '/orders/{orderId}/ship': ['POST'],
});
