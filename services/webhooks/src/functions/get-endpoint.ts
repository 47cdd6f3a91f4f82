import { http, ok } from '@orderly/functions/http/handler';
import { findEndpoint } from '../adapters/endpoint-table.ts';
import { ownEndpoint } from '../api/access.ts';
import { EndpointPath, logKeys, showEndpoint } from '../api/endpoints.ts';

export const handler = http({ path: EndpointPath, logKeys }, async ({ path: { endpointId }, caller }) =>
  ok(showEndpoint(ownEndpoint(caller, endpointId, await findEndpoint(endpointId)))),
);
