import { randomUUID } from 'node:crypto';
import { EndpointId } from '@orderly/contracts';
import { derivedUuid } from '@orderly/functions/derived-uuid';
import { created, http } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import * as v from 'valibot';
import { addressRules } from '../adapters/address-rules.ts';
import { checkEndpoint } from '../adapters/check-endpoint.ts';
import { allEndpoints, insertEndpoint } from '../adapters/endpoint-table.ts';
import { generatedKey } from '../adapters/secret-key.ts';
import { tenantOf } from '../api/access.ts';
import {
  endpointKeyReused,
  endpointLocation,
  endpointRefused,
  maxEndpoints,
  NewEndpoint,
  showRegistered,
  tooManyEndpoints,
} from '../api/endpoints.ts';
import { isSameRegistration, register } from '../domain/endpoint.ts';
import { newSecret, open, seal } from '../domain/secret.ts';

const rules = addressRules();
const readKey = generatedKey();

export const handler = http({ body: NewEndpoint }, async ({ body, idempotencyKey, caller }) => {
  const tenant = tenantOf(caller);
  const endpointId = newEndpointId(tenant, idempotencyKey);
  const endpoints = await allEndpoints();
  const first = endpoints.find((endpoint) => endpoint.endpointId === endpointId);
  if (first !== undefined) {
    if (!isSameRegistration(first, body)) throw endpointKeyReused();
    return created(
      endpointLocation(endpointId),
      showRegistered(first, open(first.secrets[0], await readKey(), endpointId)),
    );
  }
  if (endpoints.filter((endpoint) => endpoint.tenant === tenant).length >= maxEndpoints) {
    throw tooManyEndpoints();
  }
  const refused = await checkEndpoint(body.url, rules);
  if (refused !== undefined) throw endpointRefused(refused);

  const secret = newSecret();
  const change = register(endpointId, tenant, body, seal(secret, await readKey(), endpointId), new Date());
  await insertEndpoint(change);
  count('EndpointsRegistered');
  log.info('Endpoint registered', { endpoint_id: endpointId });
  return created(endpointLocation(endpointId), showRegistered(change.endpoint, secret));
});

/** With an idempotency key the id is derived from tenant and key, so that a repeat means the same endpoint. */
const newEndpointId = (tenant: string, idempotencyKey: string | undefined): EndpointId =>
  v.parse(
    EndpointId,
    idempotencyKey === undefined ? randomUUID() : derivedUuid(`${tenant}\0${idempotencyKey}`),
  );
