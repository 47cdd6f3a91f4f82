import { createHash, createSign, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '@orderly/aws/clock';

/** Who a token is for, and whose it is. */
export interface TokenRequest {
  readonly serviceAccountEmail: string;
  readonly audience: string;
}

export interface TokenIssuer {
  /** What `iss` says: Google's is https://accounts.google.com, this one's is a URL of this machine. */
  readonly url: string;
  /** The public key as a JSON Web Key Set (RFC 7517). */
  readonly keys: { readonly keys: readonly unknown[] };
  /** A signed token; one is used for half of its life. */
  token(request: TokenRequest): string;
}

const LIFE_SECONDS = 3_600;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const numericId = (email: string): string =>
  BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 17)}`)
    .toString()
    .padStart(21, '1');

/**
 * Issues OpenID Connect tokens as Pub/Sub and Cloud Scheduler attach them, signed with a key of this process.
 * Source: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions#jwt_overview
 */
export const createTokenIssuer = async (url: string, clock: Clock): Promise<TokenIssuer> => {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  const kid = thumbprint(publicKey);
  const kept = new Map<string, { readonly token: string; readonly until: number }>();
  const sign = ({ serviceAccountEmail, audience }: TokenRequest, now: number): string => {
    const subject = numericId(serviceAccountEmail);
    const claims = {
      aud: audience,
      azp: subject,
      email: serviceAccountEmail,
      email_verified: true,
      exp: now + LIFE_SECONDS,
      iat: now,
      iss: url,
      sub: subject,
    };
    const signed = `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
  };
  return {
    url,
    keys: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    token: (request) => {
      const now = Math.floor(clock.now() / 1_000);
      const key = JSON.stringify([request.serviceAccountEmail, request.audience]);
      const found = kept.get(key);
      if (found && found.until > now) return found.token;
      const token = sign(request, now);
      kept.set(key, { token, until: now + LIFE_SECONDS / 2 });
      return token;
    },
  };
};

const thumbprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 40);
