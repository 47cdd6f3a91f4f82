import { parse } from '@orderly/contracts';
import * as v from 'valibot';
import { environment } from '../env.ts';
import type { EdgeRequest } from './edge.ts';
import { invalidToken } from './problem.ts';

/** Who sent a request, by the claims of a token that API Gateway has verified. */
export interface Caller {
  readonly sub: string;
  /** The program that the token was issued to, where the issuer names it (RFC 9068, section 2.2). */
  readonly clientId?: string;
  readonly scopes: ReadonlySet<string>;
  /** The e-mail address that the issuer has verified, where the token has one. */
  readonly email?: string;
}

/** Empty in a stage with open APIs. Otherwise a request without claims has bypassed the authorizer. */
const { JWT_ISSUER: issuer } = environment({ JWT_ISSUER: v.optional(v.string(), '') });

/** API Gateway passes all claims as text, a list of scopes as `[one other]` or as `one other`. */
const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  scope: v.optional(v.string(), ''),
  scp: v.optional(v.string(), ''),
  client_id: v.optional(v.unknown()),
  email: v.optional(v.unknown()),
  // OpenID Connect Core 1.0, section 5.1: a boolean, which API Gateway passes as text.
  email_verified: v.optional(v.unknown()),
});

/**
 * @returns undefined in a stage with open APIs
 * @throws Problem 401 for claims without `sub`, and without claims where the stage has an issuer
 */
export function callerOf({ claims }: Pick<EdgeRequest, 'claims'>): Caller | undefined {
  if (claims === undefined && issuer === '') return undefined;
  const parsed = parse(Claims, claims);
  if (parsed.outcome === 'invalid') throw invalidToken();
  const { sub, scope, scp, client_id: clientId, email, email_verified: verified } = parsed.value;
  return {
    sub,
    scopes: new Set(`${scope} ${scp}`.match(/[^\s[\]]+/g)),
    ...(typeof clientId === 'string' && clientId !== '' && { clientId }),
    ...(typeof email === 'string' && String(verified) === 'true' && { email }),
  };
}
