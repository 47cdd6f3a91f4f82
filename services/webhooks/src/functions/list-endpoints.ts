import { http, ok } from '@orderly/functions/http/handler';
import { allEndpoints } from '../adapters/endpoint-table.ts';
import { tenantOf } from '../api/access.ts';
import { showEndpoint } from '../api/endpoints.ts';

export const handler = http({}, async ({ caller }) => {
  const tenant = tenantOf(caller);
  const endpoints = await allEndpoints();
  return ok({ items: endpoints.filter((endpoint) => endpoint.tenant === tenant).map(showEndpoint) });
});
