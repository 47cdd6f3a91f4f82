import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { log } from '../observability/log.ts';
import { verifyToken } from '../portable/verify-token.ts';

/**
 * Tells whether a request comes from Pub/Sub, Cloud Tasks or Cloud Scheduler, in the name of the service account.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions#validate_tokens
 *
 * Environment: `SERVICE_ACCOUNT`, `TOKEN_AUDIENCE`, for which these ask for tokens, and locally `GOOGLE_TOKEN_ISSUER`.
 *
 * @returns takes the header `authorization`, and throws ServiceError 503 where Google's keys cannot be read
 */
export function callerVerifier(): (authorization: unknown) => Promise<boolean> {
  const env = environment({
    SERVICE_ACCOUNT: text,
    TOKEN_AUDIENCE: text,
    GOOGLE_TOKEN_ISSUER: v.optional(text, 'https://accounts.google.com'),
  });
  return async (authorization) => {
    const [, token = ''] = /^Bearer (\S+)$/i.exec(String(authorization)) ?? [];
    const claims = await verifyToken(token, env.GOOGLE_TOKEN_ISSUER, env.TOKEN_AUDIENCE);
    const { email, email_verified: verified } = claims ?? {};
    if (email === env.SERVICE_ACCOUNT && verified === true) return true;
    log.warn('A call without a token of the service account was refused', { subject: claims?.sub });
    return false;
  };
}
