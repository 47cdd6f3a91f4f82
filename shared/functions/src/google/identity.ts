import * as v from 'valibot';
import { cachedToken } from '../portable/cached-token.ts';
import { callService } from '../portable/call.ts';

const url = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token';
const Answer = v.object({ access_token: v.string(), expires_in: v.number() });

/**
 * Tokens of the function's service account, for all of Google's services.
 * https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 */
export const identityToken: () => Promise<string> = cachedToken(async () => {
  const headers = { 'metadata-flavor': 'Google' };
  const answer = await callService('Metadata', url, { method: 'GET', headers });
  const { access_token: token, expires_in: seconds } = v.parse(Answer, answer);
  return { token, expiresAt: Date.now() + seconds * 1_000 };
});
