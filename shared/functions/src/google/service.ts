import { callService } from '../portable/call.ts';
import { identityToken } from './identity.ts';

export interface GoogleCall {
  readonly method: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Where the service is on one's own machine, which asks for no token; empty on the cloud. */
  readonly local?: string;
}

/**
 * Calls one of Google's services as the function's service account.
 *
 * @param service its name in `<name>.googleapis.com`
 * @throws ServiceError for an answer other than 2xx
 */
export async function callGoogle(
  service: string,
  path: string,
  { local = '', ...call }: GoogleCall,
): Promise<unknown> {
  const isLocal = local !== '';
  return callService(service, `${isLocal ? local : `https://${service}.googleapis.com`}${path}`, {
    ...call,
    headers: {
      'content-type': 'application/json',
      ...(!isLocal && { authorization: `Bearer ${await identityToken()}` }),
    },
  });
}
