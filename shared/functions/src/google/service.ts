import { type Call, callService } from '../portable/call.ts';
import { identityToken } from './identity.ts';

/**
 * Calls one of Google's services as the function's service account.
 *
 * @param local where the service is on one's own machine; nobody asks for a token there
 * @throws ServiceError for an answer other than 2xx
 */
export async function callGoogle(
  service: string,
  path: string,
  {
    local,
    headers,
    ...call
  }: Omit<Call, 'headers'> & { readonly local?: string; readonly headers?: Call['headers'] },
): Promise<unknown> {
  const isLocal = local !== undefined && local !== '';
  const url = `${isLocal ? local : `https://${service}.googleapis.com`}${path}`;
  return callService(service, url, {
    ...call,
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(!isLocal && { authorization: `Bearer ${await identityToken()}` }),
    },
  });
}
