import { createHmac } from 'node:crypto';
import type * as VerifyToken from '../src/portable/verify-token.ts';
import { loadAnew } from './collected-output.ts';
import { issuerUnderTest, newKey, publicKeyOf } from './issuer-under-test.ts';

const issuer = issuerUnderTest();
let rsa: Awaited<ReturnType<typeof newKey>>;
let ec: typeof rsa;
let verifyToken: (typeof VerifyToken)['verifyToken'];

beforeAll(async () => {
  [rsa, ec] = await Promise.all([newKey('RS256'), newKey('ES256')]);
});
beforeEach(() => {
  issuer.keys = [rsa, ec];
  ({ verifyToken } = loadAnew<typeof VerifyToken>(() => require('../src/portable/verify-token.ts')));
});
afterEach(() => jest.restoreAllMocks());

const verify = (token: string) => verifyToken(token, issuer.server.url, 'orderly');
const seconds = () => Math.floor(Date.now() / 1_000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const later = (ms: number) => {
  const time = Date.now() + ms;
  jest.spyOn(Date, 'now').mockImplementation(() => time);
};

it('a token with a signature by RSA or of an elliptic curve gives its claims', async () => {
  for (const key of [rsa, ec]) {
    expect(await verify(await issuer.sign(key))).toMatchObject({ sub: 'alice', scope: 'orders:read' });
  }
});

it('a token is for the audience by one of several, or by its client_id where it names none', async () => {
  const several = await issuer.sign(rsa, { aud: ['another', 'orderly'] });
  const byClient = await issuer.sign(rsa, { aud: undefined, client_id: 'orderly' });

  expect(await verify(several)).toMatchObject({ sub: 'alice' });
  expect(await verify(byClient)).toMatchObject({ sub: 'alice' });
});

describe('a token is refused', () => {
  const sign = (claims: object, header?: object) => () => issuer.sign(rsa, claims, header);
  const unsigned = async () => {
    const [, payload] = (await issuer.sign(rsa)).split('.');
    return `${part({ alg: 'none' })}.${payload}.`;
  };
  const signedWithPublicKey = async () => {
    const [, payload] = (await issuer.sign(rsa)).split('.');
    const text = `${part({ alg: 'HS256', kid: rsa.kid })}.${payload}`;
    const secret = publicKeyOf(rsa).export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const changed = async () => {
    const [header, , signature] = (await issuer.sign(rsa)).split('.');
    const claims = { iss: issuer.server.url, aud: 'orderly', sub: 'mallory', exp: seconds() + 600 };
    return `${header}.${part(claims)}.${signature}`;
  };
  it.each([
    ['of another issuer', sign({ iss: 'https://id.example.com' })],
    ['of no issuer', sign({ iss: undefined })],
    ['for another audience', sign({ aud: 'another' })],
    ['for another audience, whatever its client_id', sign({ aud: 'another', client_id: 'orderly' })],
    ['for no audience', sign({ aud: undefined })],
    ['that has expired', sign({ exp: seconds() - 5 })],
    ['that is not valid yet', sign({ nbf: seconds() + 600 })],
    ['whose time of issue is to come', sign({ iat: seconds() + 600 })],
    ['without an end', sign({ exp: undefined })],
    ['with a key that the issuer does not have', sign({}, { kid: 'unknown' })],
    ['with the key of somebody else', async () => issuer.sign(await newKey('RS256'))],
    ['that was changed', changed],
    ['that is not signed', unsigned],
    ['that is signed with the public key as a secret', signedWithPublicKey],
    ['that is none', async () => 'none-of-ours'],
  ])('%s', async (_what, make) => {
    expect(await verify(await make())).toBeUndefined();
  });
});

describe("the issuer's keys", () => {
  it('are fetched once for several requests at once, and kept', async () => {
    const token = await issuer.sign(rsa);
    await Promise.all(Array.from({ length: 5 }, () => verify(token)));
    await verify(token);

    expect(issuer.server.requests.map(({ path }) => path)).toEqual([
      '/.well-known/openid-configuration',
      '/keys',
    ]);
  });

  it('are fetched again for a key that is not among them, at most every 30 seconds', async () => {
    await verify(await issuer.sign(rsa));
    const rotated = await newKey('RS256', 'second');
    issuer.keys = [rotated];
    const token = await issuer.sign(rotated);

    expect(await verify(token)).toBeUndefined();
    expect(issuer.keyRequests()).toBe(1);
    later(31_000);
    expect(await verify(token)).toMatchObject({ sub: 'alice' });
    expect(issuer.keyRequests()).toBe(2);
  });

  it('serve while the issuer is down', async () => {
    const token = await issuer.sign(rsa, { exp: seconds() + 10_000 });
    await verify(token);
    issuer.isDown = true;
    later(3_600_000);

    expect(await verify(token)).toMatchObject({ sub: 'alice' });
  });

  const down = async () => ({ status: 500 });
  it.each([
    ['discovery fails', '/.well-known/openid-configuration', down],
    ['discovery is not JSON', '/.well-known/openid-configuration', async () => ({ body: 'maintenance' })],
    ['discovery names no keys', '/.well-known/openid-configuration', async () => ({ body: {} })],
    ['the keys cannot be fetched', '/keys', down],
    ['the keys are not JSON', '/keys', async () => ({ body: 'maintenance' })],
    ['the keys are none', '/keys', async () => ({ body: { keys: 1 } })],
    ['the connection is lost', '/keys', async () => undefined],
  ])(
    'cannot be read where %s, which is no fault of the token; the next token tries again',
    async (_what, path, answer) => {
      const token = await issuer.sign(rsa);
      const healthy = issuer.server.answer;
      issuer.server.answer = (request) => (request.path === path ? answer() : healthy(request));

      await expect(verify(token)).rejects.toMatchObject({ name: 'ServiceError', status: 503 });
      issuer.server.answer = healthy;

      expect(await verify(token)).toMatchObject({ sub: 'alice' });
    },
  );

  it('cannot be read where nobody answers in time', async () => {
    issuer.server.answer = () => new Promise(() => undefined);

    await expect(verify(await issuer.sign(rsa))).rejects.toMatchObject({ status: 503 });
  });
});
