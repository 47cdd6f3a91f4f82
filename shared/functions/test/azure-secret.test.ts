/** @jest-environment-options {"customExportConditions": ["azure", "node", "node-addons"]} */
import type * as SecretModule from '../src/secret.ts';
import { loadAnew } from './collected-output.ts';
import { localServer, redirectFetch } from './local-server.ts';
import { mockLock } from './locked.ts';

jest.mock('../src/postgres/commit.ts', () => mockLock);

const server = localServer();
const host = 'orderly.vault.azure.net';
const unchanged = { ...process.env };
/** A stand-in for Key Vault: the versions of the one secret, the latest one last. */
const versions: string[] = [];

beforeEach(() => {
  versions.length = 0;
  Object.assign(process.env, {
    KEY_VAULT_NAME: 'orderly',
    IDENTITY_ENDPOINT: `${server.url}/identity`,
    IDENTITY_HEADER: 'secret',
  });
  redirectFetch([host], server);
  server.answer = ({ method, path, body }) => {
    if (path.startsWith('/identity')) return { body: { access_token: 'token', expires_on: 4_000_000_000 } };
    if (method === 'PUT') versions.push(JSON.parse(body).value);
    return versions.length === 0 ? { status: 404 } : { body: { value: versions.at(-1) } };
  };
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...unchanged };
});

const load = () => loadAnew<typeof SecretModule>(() => require('../src/secret.ts'));
const name = '/orderly/test/smtp_url';

it('a secret is read once, with a token of the function app', async () => {
  versions.push('old', 'first');
  const secret = load().parameterSecret(name);

  expect(await Promise.all([secret.read(), secret.read()])).toEqual(['first', 'first']);
  expect(server.requests).toMatchObject([
    { path: '/identity?resource=https%3A%2F%2Fvault.azure.net&api-version=2019-08-01' },
    {
      ...{ method: 'GET', path: `/${host}/secrets/orderly-test-smtp-url?api-version=7.4` },
      headers: { authorization: 'Bearer token' },
    },
  ]);
});

it('a secret is read again after a failure, and after it was discarded', async () => {
  const secret = load().parameterSecret(name);
  await expect(secret.read()).rejects.toThrow('KeyVault answers 404 for /secrets/orderly-test-smtp-url');
  versions.push('first');
  expect(await secret.read()).toBe('first');
  versions.push('second');
  secret.discard();

  expect(await secret.read()).toBe('second');
});

it('a generated secret that is there is read, and nothing is generated', async () => {
  versions.push('first');
  const generate = jest.fn(() => 'generated');

  expect(await load().generatedSecret(name, generate).read()).toBe('first');
  expect(generate).not.toHaveBeenCalled();
});

it('a generated secret is created once by several at once, and all read the same one, as others do', async () => {
  const { generatedSecret, parameterSecret } = load();
  const all = ['1', '2', '3'].map((value) => generatedSecret(name, () => value).read());
  const values = new Set(await Promise.all(all));

  expect(values.size).toBe(1);
  expect(versions).toEqual([...values]);
  expect(await parameterSecret(name).read()).toBe(versions[0]);
});

it('a generated secret is not created where the vault does not say that there is none', async () => {
  server.answer = ({ path }) =>
    path.startsWith('/identity')
      ? { body: { access_token: 'token', expires_on: 4_000_000_000 } }
      : { status: 403 };
  const generate = jest.fn(() => 'generated');

  await expect(load().generatedSecret(name, generate).read()).rejects.toMatchObject({ status: 403 });
  expect(generate).not.toHaveBeenCalled();
});
