import type * as Authorize from '../src/portable/authorize.ts';
import { loadAnew } from './collected-output.ts';
import { issuerUnderTest, newKey } from './issuer-under-test.ts';

const issuer = issuerUnderTest();
let key: Awaited<ReturnType<typeof newKey>>;
const unchanged = { ...process.env };

beforeAll(async () => {
  key = await newKey('ES256');
});
beforeEach(() => {
  issuer.keys = [key];
  Object.assign(process.env, { JWT_ISSUER: issuer.server.url, JWT_AUDIENCE: 'orderly' });
});
afterEach(() => {
  process.env = { ...unchanged };
});

const load = () => loadAnew<typeof Authorize>(() => require('../src/portable/authorize.ts'));
const authorize = (authorization: string | undefined, ...scopes: readonly string[]) =>
  load().authorize(authorization, scopes);
const bearer = async (claims: object) => `Bearer ${await issuer.sign(key, claims)}`;

it.each([
  ['scope', 'orders:write orders:read'],
  ['scp', 'orders:read'],
  ['scp', ['orders:write', 'orders:read']],
  ['scope', ['orders:write', 'orders:read']],
])('a token whose %s is %j lets in where one of the scopes is among them', async (name, value) => {
  const allowed = await authorize(await bearer({ scope: undefined, [name]: value }), 'x', 'orders:read');

  expect(allowed).toMatchObject({
    outcome: 'allowed',
    claims: { sub: 'alice', [name]: [value].flat().join(' ') },
  });
});

it.each([['orders:write'], ['orders:readonly'], [''], [undefined], [7]])(
  'a token whose scope is %j is refused as API Gateway does where orders:read is needed',
  async (scope) => {
    expect(await authorize(await bearer({ scope }), 'orders:read')).toEqual({
      outcome: 'refused',
      answer: { status: 403, headers: {}, body: { message: 'Forbidden' } },
    });
  },
);

it.each([
  [undefined, 'Bearer'],
  ['', 'Bearer'],
  ['Bearer', 'Bearer error="invalid_token"'],
  ['Basic YTpi', 'Bearer error="invalid_token"'],
  ['Bearer a b', 'Bearer error="invalid_token"'],
  ['Bearer none-of-ours', 'Bearer error="invalid_token"'],
])(
  'a request with the authorization %j is refused as API Gateway does, and challenged with %s',
  async (authorization, challenge) => {
    expect(await authorize(authorization, 'orders:read')).toEqual({
      outcome: 'refused',
      answer: { status: 401, headers: { 'www-authenticate': challenge }, body: { message: 'Unauthorized' } },
    });
  },
);

it('a token without the word Bearer lets in, as API Gateway lets it', async () => {
  const [, token] = (await bearer({})).split(' ');

  expect(await authorize(token, 'orders:read')).toMatchObject({ outcome: 'allowed' });
});

it('a request is neither let in nor refused while the keys cannot be read', async () => {
  issuer.isDown = true;

  await expect(authorize(await bearer({}), 'orders:read')).rejects.toMatchObject({ status: 503 });
});

it('a route without scopes needs no token', async () => {
  expect(await authorize(undefined)).toEqual({ outcome: 'allowed', claims: undefined });
});

it('a stage without an issuer is open', async () => {
  process.env.JWT_ISSUER = '';
  process.env.JWT_AUDIENCE = '';

  expect(await authorize(undefined, 'orders:read')).toEqual({ outcome: 'allowed', claims: undefined });
  expect(issuer.server.requests).toEqual([]);
});

it('an issuer without an audience is refused at load', () => {
  process.env.JWT_AUDIENCE = '';

  expect(load).toThrow('JWT_AUDIENCE');
});
