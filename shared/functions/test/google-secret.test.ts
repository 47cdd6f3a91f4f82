/** @jest-environment-options {"customExportConditions": ["google", "node", "node-addons"]} */
import type * as SecretModule from '../src/secret.ts';
import { loadAnew } from './collected-output.ts';
import { localServer, redirectFetch } from './local-server.ts';
import { mockLock } from './locked.ts';

jest.mock('../src/postgres/commit.ts', () => mockLock);

const server = localServer();
const hosts = ['metadata.google.internal', 'secretmanager.googleapis.com'];
const secrets = `/${hosts[1]}/v1/projects/orderly-1/secrets`;
const unchanged = { ...process.env };
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A stand-in for Secret Manager. A new version is not `latest` yet, as it may be for minutes. */
const manager = { exists: false, versions: [] as string[], latest: undefined as string | undefined };

beforeEach(() => {
  Object.assign(manager, { exists: false, versions: [], latest: undefined });
  process.env.GOOGLE_CLOUD_PROJECT = 'orderly-1';
  redirectFetch(hosts, server);
  server.answer = ({ path, body }) => {
    if (path.includes('service-accounts')) return { body: { access_token: 'token', expires_in: 3_600 } };
    if (path.startsWith(`${secrets}?secretId=`)) {
      const status = manager.exists ? 409 : 200;
      manager.exists = true;
      return { status };
    }
    if (path.endsWith(':addVersion')) {
      manager.versions.push(Buffer.from(JSON.parse(body).payload.data, 'base64').toString());
      return {};
    }
    const value = path.endsWith('/latest:access') ? manager.latest : manager.versions[0];
    return value === undefined ? { status: 404 } : { body: { payload: { data: base64(value) } } };
  };
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...unchanged };
});

const load = () => loadAnew<typeof SecretModule>(() => require('../src/secret.ts'));
const name = '/orderly/test/smtp.url';

it('the latest version of a secret is read once, with a token of the service account', async () => {
  manager.latest = 'f\u00fcrst';
  const secret = load().parameterSecret(name);

  expect(await Promise.all([secret.read(), secret.read()])).toEqual(['f\u00fcrst', 'f\u00fcrst']);
  expect(server.requests).toMatchObject([
    {
      path: `/${hosts[0]}/computeMetadata/v1/instance/service-accounts/default/token`,
      headers: { 'metadata-flavor': 'Google' },
    },
    {
      ...{ method: 'GET', path: `${secrets}/orderly-test-smtp-url/versions/latest:access` },
      headers: { authorization: 'Bearer token' },
    },
  ]);
});

it('a secret that is not there is named by the error', async () => {
  await expect(load().parameterSecret(name).read()).rejects.toThrow(
    'secretmanager answers 404 for /v1/projects/orderly-1/secrets/orderly-test-smtp-url/versions/latest:access',
  );
});

it('a generated secret that is there is read, and nothing is generated', async () => {
  manager.latest = 'first';
  const generate = jest.fn(() => 'generated');

  expect(await load().generatedSecret(name, generate).read()).toBe('first');
  expect(generate).not.toHaveBeenCalled();
});

it.each([false, true])(
  'a generated secret is created once by several at once, and all read the same one (secret without version: %j)',
  async (exists) => {
    manager.exists = exists;
    const { generatedSecret } = load();
    const all = ['1', '2', '3'].map((value) => generatedSecret(name, () => value).read());
    const values = new Set(await Promise.all(all));

    expect(values.size).toBe(1);
    expect(manager.versions).toEqual([...values]);
    expect(await generatedSecret(name, () => 'later').read()).toBe(manager.versions[0]);
  },
);

it('a generated secret is not created where the manager does not say that there is none', async () => {
  const { answer } = server;
  server.answer = (request) => (request.path.startsWith(secrets) ? { status: 403 } : answer(request));

  await expect(
    load()
      .generatedSecret(name, () => 'x')
      .read(),
  ).rejects.toMatchObject({ status: 403 });
  expect(manager.exists).toBe(false);
});
