import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { forbidden, invalidToken } from '../http/problem.ts';
import { verifyToken } from './verify-token.ts';

// On AWS the API Gateway does this. Headers in which other gateways pass claims on can be forged by whoever reaches the
// function itself, so nothing but the token is believed.

const { JWT_ISSUER: issuer } = environment({ JWT_ISSUER: v.optional(v.string(), '') });
const { JWT_AUDIENCE: audience } = environment({
  JWT_AUDIENCE: issuer === '' ? v.optional(v.string(), '') : text,
});

/** A list of scopes as one text. */
const asText = (claim: unknown): unknown => (Array.isArray(claim) ? claim.join(' ') : claim);

/**
 * Lets a caller of a route in whose token has one of the scopes.
 *
 * Environment: `JWT_ISSUER`, which is empty in a stage with open APIs, and `JWT_AUDIENCE`.
 *
 * @param authorization the header
 * @param scopes of the route; none where it is open
 * @returns the claims; `undefined` in a stage with open APIs
 * @throws Problem 401 without a valid token, 403 without one of the scopes
 * @throws ServiceError 503 where the issuer's keys cannot be read
 */
export async function authorize(
  authorization: string | undefined,
  scopes: readonly string[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (issuer === '' || scopes.length === 0) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  const payload = token === undefined ? undefined : await verifyToken(token, issuer, audience);
  if (payload === undefined) throw invalidToken('There is no token, or it is not valid');
  const claims = { ...payload, scope: asText(payload.scope), scp: asText(payload.scp) };
  const held = new Set(`${claims.scope ?? ''} ${claims.scp ?? ''}`.split(' '));
  if (scopes.some((scope) => held.has(scope))) return claims;
  throw forbidden('insufficient-scope', `The token has none of the scopes ${scopes.join(', ')}`);
}
