import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as v from 'valibot';
import { log } from '../observability/log.ts';
import { ServiceError } from './service-error.ts';

/** https://www.iana.org/assignments/jose/jose.xhtml: signatures only, none with a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** For each of the two calls of an issuer, in milliseconds: together less than a request waits. */
const timeoutDuration = 1_000;

/** As API Gateway keeps them, in milliseconds. A key that is not among them is looked for at once. */
const cacheMaxAge = 2 * 3_600_000;

/** By issuer. */
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

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutDuration) });
  if (!answer.ok) throw new ServiceError(`${url} answers ${answer.status}`, answer.status);
  const { jwks_uri: uri } = v.parse(Discovered, await answer.json());
  return createRemoteJWKSet(new URL(uri), { timeoutDuration, cacheMaxAge });
}

/** Of errors that say nothing of the token: the answer for the keys is late, not 200, or none that jose can read. */
const codesOfIssuer = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/**
 * Verifies a token's signature, issuer, lifetime and, as API Gateway does, that its `iat` is not to come and that its `aud`, or
 * else its `client_id`, is the audience. The issuer's keys are fetched once, and again for a key that is not among them, at most every 30 seconds.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * @returns its claims; `undefined` for a token that is not valid: the log says why
 * @throws ServiceError 503 where the issuer's keys cannot be read
 */
export async function verifyToken(
  token: string,
  issuer: string,
  audience: string,
): Promise<JWTPayload | undefined> {
  try {
    const keys = await keysOf(issuer);
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms, requiredClaims: ['exp'] });
    const { aud = payload.client_id, iat = 0 } = payload;
    const isForAudience = [aud].flat().includes(audience);
    // A second, since clocks are not alike.
    if (isForAudience && iat <= Date.now() / 1_000 + 1) return payload;
    const reason = isForAudience ? 'Its time of issue is to come' : 'It is for another audience';
    log.info('A token was refused', { reason });
    return undefined;
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || codesOfIssuer.includes(error.code)) {
      throw new ServiceError(`The keys of ${issuer} cannot be read`, 503, { cause: error });
    }
    // Not the error itself: it holds the claims.
    log.info('A token was refused', { reason: error.message });
    return undefined;
  }
}
