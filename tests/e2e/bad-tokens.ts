import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { Claims } from '@orderly/local/issuer';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part = ''): object => JSON.parse(Buffer.from(part, 'base64url').toString());
const now = () => Math.floor(Date.now() / 1000);

/** Made once: a new RSA key takes long. */
const { privateKey: somebodyElses } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const signed = (header: object, payload: object, key: KeyObject): string => {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
};

/** Signed with the issuer's public key, which everybody knows, as the secret of a symmetric signature. */
async function confused(header: object, payload: { readonly iss?: string }): Promise<string> {
  const answer = await fetch(`${payload.iss}/jwks`);
  const { keys } = (await answer.json()) as { readonly keys: readonly [JsonWebKey] };
  const secret = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const text = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Makes a good token, but for these claims. */
type Good = (claims?: Claims) => Promise<string>;

/** Tokens that are no good, by what is wrong; each is made from a good one. */
export const badTokens: readonly (readonly [what: string, make: (good: Good) => Promise<string> | string])[] =
  [
    ['that is none', () => 'none-of-ours'],
    ['that is expired', (good) => good({ iat: now() - 3600, exp: now() - 5 })],
    ['without an end', (good) => good({ exp: null })],
    ['that is not valid yet', (good) => good({ nbf: now() + 600 })],
    ['for another audience', (good) => good({ aud: 'another' })],
    ['of another issuer', (good) => good({ iss: 'https://issuer.example.com' })],
    [
      'whose claims were changed',
      async (good) => {
        const [header, payload, signature] = (await good({ sub: 'mallory' })).split('.');
        return [header, encode({ ...decode(payload), sub: 'alice' }), signature].join('.');
      },
    ],
    [
      'signed with the key of somebody else',
      async (good) => {
        const [header, payload] = (await good()).split('.');
        return signed(decode(header), decode(payload), somebodyElses);
      },
    ],
    [
      'that is not signed',
      async (good) => {
        const [header, payload] = (await good()).split('.');
        return `${encode({ ...decode(header), alg: 'none' })}.${payload}.`;
      },
    ],
    [
      'signed with the public key as a secret',
      async (good) => {
        const [header, payload] = (await good()).split('.');
        return confused(decode(header), decode(payload));
      },
    ],
  ];
