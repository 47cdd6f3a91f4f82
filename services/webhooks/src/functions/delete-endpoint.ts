import { http, ok } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { findEndpoint, removeEndpoint } from '../adapters/endpoint-table.ts';
import { ownEndpoint } from '../api/access.ts';
import { EndpointPath, logKeys, showEndpoint } from '../api/endpoints.ts';

export const handler = http({ path: EndpointPath, logKeys }, async ({ path: { endpointId }, caller }) => {
  const endpoint = ownEndpoint(caller, endpointId, await findEndpoint(endpointId));
  await removeEndpoint(endpointId);
  log.info('Endpoint deleted');
  return ok(showEndpoint(endpoint));
});
