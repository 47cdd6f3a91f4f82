import { http, ok } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { addressRules } from '../adapters/address-rules.ts';
import { checkEndpoint } from '../adapters/check-endpoint.ts';
import { changeEndpoint } from '../adapters/endpoint-table.ts';
import { wake } from '../adapters/wake-ups.ts';
import { ownEndpoint } from '../api/access.ts';
import {
  EndpointPath,
  EndpointRevision,
  endpointNotFound,
  endpointRefused,
  logKeys,
  showEndpoint,
} from '../api/endpoints.ts';
import { revise } from '../domain/endpoint.ts';

const rules = addressRules();

export const handler = http(
  { path: EndpointPath, body: EndpointRevision, logKeys },
  async ({ path: { endpointId }, body, caller }) => {
    const refused = body.url === undefined ? undefined : await checkEndpoint(body.url, rules);
    if (refused !== undefined) throw endpointRefused(refused);
    const outcome = await changeEndpoint(endpointId, (endpoint) =>
      revise(ownEndpoint(caller, endpointId, endpoint), body, new Date()),
    );
    if (outcome === undefined) throw endpointNotFound(endpointId);
    const { endpoint } = outcome;
    if (outcome.outcome === 'changed') log.info('Endpoint changed', { status: endpoint.status });
    // Whatever waits is sent at once; also by a repeat, where the first request has been cut off before this.
    if (endpoint.status === 'ENABLED') await wake(endpointId);
    return ok(showEndpoint(endpoint));
  },
);
