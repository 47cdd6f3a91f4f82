import { createPublicKey, type KeyObject } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { localServer } from './local-server.ts';

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
}

export async function newKey(alg: 'RS256' | 'ES256', kid: string = alg): Promise<Key> {
  const { privateKey } = await generateKeyPair(alg);
  return { kid, alg, privateKey: privateKey as KeyObject };
}

export const publicKeyOf = ({ privateKey }: Key): KeyObject => createPublicKey(privateKey as never);

const now = () => Math.floor(Date.now() / 1_000);

/** An OpenID Connect issuer with discovery, and what it signs. */
export function issuerUnderTest() {
  const server = localServer();
  const issuer = {
    server,
    keys: [] as Key[],
    isDown: false,
    /** A good token but for these claims; a claim that is `undefined` is left out. */
    sign(key: Key, claims: object = {}, header: object = {}): Promise<string> {
      const good = { iss: server.url, aud: 'orderly', sub: 'alice', iat: now(), exp: now() + 600 };
      return new SignJWT({ ...good, scope: 'orders:read', ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    /** How often the issuer was asked for its keys. */
    keyRequests: () => server.requests.filter(({ path }) => path === '/keys').length,
  };
  beforeEach(() => {
    issuer.isDown = false;
    server.answer = async ({ path }) => {
      if (issuer.isDown) return { status: 503 };
      if (path === '/.well-known/openid-configuration') return { body: { jwks_uri: `${server.url}/keys` } };
      const keys = issuer.keys.map(async (key) => ({
        ...(await exportJWK(publicKeyOf(key))),
        ...{ kid: key.kid, alg: key.alg, use: 'sig' },
      }));
      return path === '/keys' ? { body: { keys: await Promise.all(keys) } } : { status: 404 };
    };
  });
  return issuer;
}
