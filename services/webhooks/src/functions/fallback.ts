import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({
  '/endpoints': ['GET', 'POST'],
  '/endpoints/{endpointId}': ['GET', 'PATCH', 'DELETE'],
  '/endpoints/{endpointId}/secret': ['POST'],
  '/endpoints/{endpointId}/test': ['POST'],
  '/endpoints/{endpointId}/deliveries': ['GET'],
  '/deliveries/{deliveryId}/retry': ['POST'],
});
