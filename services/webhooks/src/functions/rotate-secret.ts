import { http, ok } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { changeEndpoint } from '../adapters/endpoint-table.ts';
import { generatedKey } from '../adapters/secret-key.ts';
import { ownEndpoint } from '../api/access.ts';
import { EndpointPath, endpointNotFound, logKeys, showRotated } from '../api/endpoints.ts';
import { rotateSecret } from '../domain/endpoint.ts';
import { newSecret, seal } from '../domain/secret.ts';

const readKey = generatedKey();

export const handler = http({ path: EndpointPath, logKeys }, async ({ path: { endpointId }, caller }) => {
  const secret = newSecret();
  const sealed = seal(secret, await readKey(), endpointId);
  const outcome = await changeEndpoint(endpointId, (endpoint) =>
    rotateSecret(ownEndpoint(caller, endpointId, endpoint), sealed, new Date()),
  );
  if (outcome === undefined) throw endpointNotFound(endpointId);
  log.info('Secret rotated');
  return ok(showRotated(outcome.endpoint, secret));
});
