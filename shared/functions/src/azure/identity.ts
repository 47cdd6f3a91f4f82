import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { cachedToken } from '../portable/cached-token.ts';
import { callService } from '../portable/call.ts';

const Answer = v.object({
  access_token: v.string(),
  expires_on: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)),
});

/**
 * Tokens of the function app's managed identity.
 * https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference
 *
 * @param resource what the token is for, e.g. `https://servicebus.azure.net`
 */
export const identityToken = (resource: string): (() => Promise<string>) =>
  cachedToken(async () => {
    const env = environment({ IDENTITY_ENDPOINT: text, IDENTITY_HEADER: text });
    const query = new URLSearchParams({ resource, 'api-version': '2019-08-01' });
    const headers = { 'x-identity-header': env.IDENTITY_HEADER };
    const answer = await callService('Identity', `${env.IDENTITY_ENDPOINT}?${query}`, {
      method: 'GET',
      headers,
    });
    const { access_token: token, expires_on: expiresOn } = v.parse(Answer, answer);
    return { token, expiresAt: expiresOn * 1_000 };
  });
