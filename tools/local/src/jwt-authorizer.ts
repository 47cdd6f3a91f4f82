import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

/** What a JWT authorizer of API Gateway is configured with. */
export interface JwtAuthorizer {
  readonly issuerUrl: string;
  readonly audience: string;
}

/** The request may go on; or it is answered with this status and `WWW-Authenticate`. */
export type Verdict =
  | { readonly outcome: 'allowed'; readonly claims: JWTPayload; readonly scopes: readonly string[] }
  | { readonly outcome: 'refused'; readonly status: 401 | 403; readonly challenge: string };

/** API Gateway takes RSA only. */
const algorithms = ['RS256', 'RS384', 'RS512'];

const refused = (status: 401 | 403, error: string, scopes: readonly string[], why: string): Verdict => ({
  outcome: 'refused',
  status,
  challenge: `Bearer scope="${scopes.join(' ')}" error="${error}" error_description="${why}"`,
});

const invalid = (why: string): Verdict => refused(401, 'invalid_token', [], why);

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token does not have a valid ${error.claim}`;
  return 'the token is not signed by the issuer';
};

const textsOf = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim.map(String) : [];

/**
 * Decides as a JWT authorizer of an HTTP API does: a token signed by the issuer, of that issuer, for the audience (`aud`,
 * or `client_id` in a token without one), within its time, and with at least one of the route's scopes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * @returns a function of the `Authorization` header and the route's scopes
 * @throws Error when the keys of the issuer cannot be read, whatever the token is
 */
export const jwtAuthorizer = ({ issuerUrl, audience }: JwtAuthorizer) => {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const readKeys = async () => {
    const answer = await fetch(`${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { jwks_uri: uri }: { jwks_uri?: unknown } = Object(await answer.json());
    return createRemoteJWKSet(new URL(String(uri)));
  };
  return async (header: string | undefined, scopes: readonly string[]): Promise<Verdict> => {
    const token = header?.replace(/^Bearer +/i, '') ?? '';
    if (token === '') return { outcome: 'refused', status: 401, challenge: 'Bearer' };
    keys ??= readKeys();
    const keySet = await keys.catch((error: Error) => {
      keys = undefined;
      throw error;
    });
    let claims: JWTPayload;
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer: issuerUrl,
        algorithms,
        requiredClaims: ['exp'],
      });
      claims = payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return invalid(reasonOf(error));
    }
    if (!textsOf(claims.aud ?? claims.client_id).includes(audience)) {
      return invalid('the token does not have a valid audience');
    }
    if (claims.iat !== undefined && claims.iat > Date.now() / 1000 + 1) {
      return invalid('the token does not have a valid iat');
    }
    const given = textsOf(claims.scope ?? claims.scp);
    if (scopes.length > 0 && !scopes.some((scope) => given.includes(scope))) {
      return refused(403, 'insufficient_scope', scopes, 'the token has none of the scopes');
    }
    return { outcome: 'allowed', claims, scopes: given };
  };
};
