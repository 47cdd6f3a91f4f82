import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Claims } from '../src/issuer.ts';
import { jwtAuthorizer, type Verdict } from '../src/jwt-authorizer.ts';

/** What the authorization matrix of the end-to-end tests does not try: the forms that a good token may have. */

const kid = 'a-key';
let server: Server;
let issuerUrl = '';
let up = true;
let sign: (claims: Claims) => Promise<string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256' }];
  server = createServer(({ url }, response) => {
    if (!up) response.destroy();
    else response.end(JSON.stringify(url === '/jwks' ? { keys } : { jwks_uri: `${issuerUrl}/jwks` }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  issuerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const times = () => ({ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 60 });
  sign = (claims) =>
    new SignJWT({ iss: issuerUrl, sub: 'alice', aud: 'orderly', scope: 'a b', ...times(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(privateKey);
});
afterAll(() => void server.close());

const decide = async (claims: Claims, scopes: readonly string[] = ['b']): Promise<Verdict> =>
  jwtAuthorizer({ issuerUrl, audience: 'orderly' })(`Bearer ${await sign(claims)}`, scopes);

it.each<[string, Claims, string[]]>([
  ['one of the scopes', {}, ['b', 'c']],
  ['no scope where the route asks for none', { scope: undefined }, []],
  ['its scopes in `scp`', { scope: undefined, scp: ['x', 'b'] }, ['b']],
  ['several audiences', { aud: ['other', 'orderly'] }, ['b']],
  ['a `client_id` and no `aud`', { aud: undefined, client_id: 'orderly' }, ['b']],
])('the authorizer allows a token with %s', async (_what, claims, scopes) => {
  expect(await decide(claims, scopes)).toMatchObject({ outcome: 'allowed', claims: { sub: 'alice' } });
});

it.each<[string, Claims, number, RegExp]>([
  ['a `client_id` beside another `aud`', { aud: 'other', client_id: 'orderly' }, 401, /valid audience/],
  ['neither', { aud: undefined }, 401, /valid audience/],
  ['a scope that only begins alike', { scope: 'bb' }, 403, /scope="b" error="insufficient_scope"/],
  ['a time of issue that is to come', { iat: 4_000_000_000 }, 401, /valid iat/],
])('the authorizer refuses a token with %s', async (_what, claims, status, challenge) => {
  const verdict = await decide(claims);

  expect(verdict).toMatchObject({ outcome: 'refused', status, challenge: expect.stringMatching(challenge) });
});

it('the authorizer takes a token without the word Bearer, as API Gateway does', async () => {
  const authorize = jwtAuthorizer({ issuerUrl, audience: 'orderly' });

  expect(await authorize(await sign({}), ['a'])).toMatchObject({ outcome: 'allowed' });
});

it('the authorizer fails while the issuer is away, and recovers', async () => {
  const authorize = jwtAuthorizer({ issuerUrl, audience: 'orderly' });
  up = false;
  await expect(authorize(await sign({}), ['a'])).rejects.toThrow();
  up = true;

  expect(await authorize(await sign({}), ['a'])).toMatchObject({ outcome: 'allowed' });
});
