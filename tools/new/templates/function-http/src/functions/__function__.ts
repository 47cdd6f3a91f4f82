import { http, ok } from '@orderly/functions/http/handler';
__pathImport__

/** Let the domain decide here, and write its change and the events by an adapter. */
export const handler = http({__pathOption__}, async () => ok({ handledAt: new Date().toISOString() }));
