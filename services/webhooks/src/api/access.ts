import type { EndpointId } from '@orderly/contracts';
import type { Caller } from '@orderly/functions/http/caller';
import type { Endpoint } from '../domain/endpoint.ts';
import { endpointNotFound } from './endpoints.ts';

/** The one owner of everything in a stage with open APIs. */
const everybody = 'open';

/** Who owns what a caller registers: the program that the token was issued to, else its subject. */
export const tenantOf = (caller: Caller | undefined): string =>
  caller === undefined ? everybody : (caller.clientId ?? caller.sub);

/**
 * The endpoint, if it belongs to the caller.
 *
 * @throws Problem 404 otherwise, as for an endpoint that does not exist
 */
export function ownEndpoint(
  caller: Caller | undefined,
  endpointId: EndpointId,
  endpoint: Endpoint | undefined,
): Endpoint {
  if (endpoint?.tenant !== tenantOf(caller)) throw endpointNotFound(endpointId);
  return endpoint;
}
