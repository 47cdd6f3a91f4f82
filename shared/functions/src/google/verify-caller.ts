import { errors } from 'jose';
import * as v from 'valibot';
import { environment } from '../env.ts';
import { log } from '../observability/log.ts';
import { verifyToken } from '../portable/verify-token.ts';

/** `GOOGLE_TOKEN_ISSUER` is set locally only. */
const env = environment({
  GOOGLE_TOKEN_ISSUER: v.optional(v.string(), 'https://accounts.google.com'),
  TOKEN_AUDIENCE: v.optional(v.string(), ''),
});

/**
 * Whether a request comes from Pub/Sub, Cloud Tasks or Cloud Scheduler, in the name of the service account.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions#validate_tokens
 *
 * Environment: `TOKEN_AUDIENCE`, for which these ask for tokens.
 *
 * @throws Error where Google's keys cannot be read: then they try again
 */
export async function verifyCaller(authorization: unknown, account: string): Promise<boolean> {
  const [, token = ''] = /^Bearer (\S+)$/.exec(String(authorization)) ?? [];
  try {
    const { email, email_verified: verified } = await verifyToken(
      token,
      env.GOOGLE_TOKEN_ISSUER,
      env.TOKEN_AUDIENCE,
    );
    if (email === account && verified === true) return true;
    log.warn('A call in the name of another account was refused', { email });
    return false;
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) throw error;
    log.warn('A call without a valid token was refused', { error });
    return false;
  }
}
