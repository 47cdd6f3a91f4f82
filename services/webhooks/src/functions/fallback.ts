import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({
  '/webhooks': ['POST'],
  '/webhooks/{webhookId}': ['GET'],
});
