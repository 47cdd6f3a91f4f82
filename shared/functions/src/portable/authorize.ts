import * as v from 'valibot';
import { environment, text } from '../env.ts';
import type { HttpAnswer } from '../http/answering.ts';
import { log } from '../observability/log.ts';
import { verifyToken } from './verify-token.ts';

// On AWS the API Gateway does this. Headers in which other gateways pass claims on can be forged by whoever reaches the
// function itself, so nothing but the token is believed.

const { JWT_ISSUER: issuer } = environment({ JWT_ISSUER: v.optional(v.string(), '') });
const { JWT_AUDIENCE: audience } = environment({
  JWT_AUDIENCE: issuer === '' ? v.optional(v.string(), '') : text,
});

/** A list of scopes as one text. */
const asText = (claim: unknown): unknown => (Array.isArray(claim) ? claim.join(' ') : claim);

export type Authorization =
  /** No claims in a stage with open APIs. */
  | { readonly outcome: 'allowed'; readonly claims: Readonly<Record<string, unknown>> | undefined }
  | { readonly outcome: 'refused'; readonly answer: HttpAnswer };

/** As API Gateway answers, so that callers need not know which cloud they call. */
const refused = (status: number, message: string, headers: HttpAnswer['headers'] = {}): Authorization => ({
  outcome: 'refused',
  answer: { status, headers, body: { message } },
});

/** @param challenge for `WWW-Authenticate`: without an error where there was no token (RFC 6750, section 3.1) */
const unauthorized = (challenge: string) => refused(401, 'Unauthorized', { 'www-authenticate': challenge });

/**
 * Lets a caller of a route in whose token has one of the scopes, and otherwise refuses as API Gateway does: with 401 without a
 * valid token, with 403 without one of the scopes. A token may come without the word `Bearer`, as there.
 *
 * Environment: `JWT_ISSUER`, which is empty in a stage with open APIs, and `JWT_AUDIENCE`.
 *
 * @param authorization the header
 * @param scopes of the route; none where it is open
 * @throws ServiceError 503 where the issuer's keys cannot be read
 */
export async function authorize(
  authorization: string | undefined,
  scopes: readonly string[],
): Promise<Authorization> {
  if (issuer === '' || scopes.length === 0) return { outcome: 'allowed', claims: undefined };
  if (!authorization) return unauthorized('Bearer');
  const payload = await verifyToken(authorization.replace(/^Bearer +/i, ''), issuer, audience);
  if (payload === undefined) return unauthorized('Bearer error="invalid_token"');
  const claims = { ...payload, scope: asText(payload.scope), scp: asText(payload.scp) };
  const held = new Set(`${claims.scope ?? ''} ${claims.scp ?? ''}`.split(' '));
  if (scopes.some((scope) => held.has(scope))) return { outcome: 'allowed', claims };
  log.info('A token was refused', { reason: `It has none of the scopes ${scopes.join(', ')}` });
  return refused(403, 'Forbidden');
}
