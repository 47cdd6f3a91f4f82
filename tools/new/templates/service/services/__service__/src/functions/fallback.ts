import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({
  '/__things__': ['POST'],
  '/__things__/{__thing__Id}': ['GET'],
});
