import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as v from 'valibot';
import { environment } from '../env.ts';
import { forbidden, invalidToken } from '../http/problem.ts';

// On AWS the API Gateway does this. Headers in which other gateways pass claims on can be forged by whoever reaches the
// function itself, so nothing but the token is believed.

const env = environment({
  JWT_ISSUER: v.optional(v.string(), ''),
  JWT_AUDIENCE: v.optional(v.string(), ''),
});

/** https://www.iana.org/assignments/jose/jose.xhtml: signatures only, none with a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const timeoutMs = 2_000;

/** By issuer; OpenID Connect Discovery 1.0, section 4. */
const keySets = new Map<string, Promise<JWTVerifyGetKey>>();

function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
  const known = keySets.get(issuer);
  if (known !== undefined) return known;
  const found = discover(issuer);
  keySets.set(issuer, found);
  found.catch(() => keySets.delete(issuer));
  return found;
}

const Discovered = v.object({ jwks_uri: v.pipe(v.string(), v.url()) });

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new UnknownKeysError(`${url} answers ${answer.status}`);
  const { jwks_uri: uri } = v.parse(Discovered, await answer.json());
  return createRemoteJWKSet(new URL(uri), { timeoutDuration: timeoutMs });
}

/** The keys of the issuer cannot be read; a later try may succeed. */
class UnknownKeysError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Verifies a token's signature, issuer, lifetime and, as API Gateway does, that its `aud` or `client_id` is the audience.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * @throws JOSEError for a token that is not valid
 * @throws Error where the issuer's keys cannot be read
 */
export async function verifyToken(token: string, issuer: string, audience: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, await keysOf(issuer), {
    issuer,
    algorithms,
    requiredClaims: ['exp'],
  });
  const { aud = payload.client_id } = payload;
  if ([aud].flat().includes(audience)) return payload;
  throw new errors.JWTClaimValidationFailed('The token is for another audience', payload, 'aud');
}

/**
 * Lets a caller of a route in whose token has one of the scopes.
 *
 * @param authorization the header
 * @param scopes of the route; none where it is open
 * @returns the claims; `undefined` in a stage with open APIs
 * @throws Problem 401 or 403
 * @throws Error where the issuer's keys cannot be read
 */
export async function authorize(
  authorization: string | undefined,
  scopes: readonly string[],
): Promise<JWTPayload | undefined> {
  if (env.JWT_ISSUER === '' || scopes.length === 0) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw invalidToken();
  const claims = await verified(token);
  const held = new Set([claims.scope, claims.scp].flat().flatMap((each) => String(each ?? '').split(' ')));
  if (!scopes.some((scope) => held.has(scope))) {
    throw forbidden('insufficient-scope', `The token has none of the scopes ${scopes.join(', ')}`);
  }
  const { scp } = claims;
  return { ...claims, ...(Array.isArray(scp) && { scp: scp.join(' ') }) };
}

async function verified(token: string): Promise<JWTPayload> {
  try {
    return await verifyToken(token, env.JWT_ISSUER, env.JWT_AUDIENCE);
  } catch (error) {
    const isIssuersFault = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError);
    throw isIssuersFault ? error : invalidToken();
  }
}
