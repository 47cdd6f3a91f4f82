import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { parameterSecret } from '../src/secret.ts';

const name = '/orderly/test/smtp-url';

/** A stand-in for Systems Manager. */
const ssm = {
  value: 'first' as string | undefined,
  requests: [] as { readonly headers: IncomingHttpHeaders; readonly body: unknown }[],
};
const server = createServer(async (request, answer) => {
  const { value } = ssm;
  ssm.requests.push({ headers: request.headers, body: await json(request) });
  answer.statusCode = value === undefined ? 400 : 200;
  const known = { Parameter: { Name: name, Value: value } };
  answer.end(JSON.stringify(value === undefined ? { __type: 'ParameterNotFound' } : known));
});

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.AWS_ENDPOINT_URL_SSM = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  delete process.env.AWS_ENDPOINT_URL_SSM;
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  ssm.value = 'first';
  ssm.requests.length = 0;
});

it('a secret is read once by GetParameter, signed and with decryption', async () => {
  const secret = parameterSecret(name);

  expect(await Promise.all([secret.read(), secret.read()])).toEqual(['first', 'first']);

  expect(ssm.requests).toEqual([
    {
      headers: expect.objectContaining({
        'x-amz-target': 'AmazonSSM.GetParameter',
        'content-type': 'application/x-amz-json-1.1',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=\S+\/ssm\/aws4_request, SignedHeaders=\S*x-amz-target\S*, Signature=[0-9a-f]{64}$/,
        ),
      }),
      body: { Name: name, WithDecryption: true },
    },
  ]);
});

it('a secret is read while the function loads', async () => {
  const secret = parameterSecret(name);
  await new Promise<void>((asked) => server.once('request', () => asked()));
  ssm.value = 'second';

  expect(await secret.read()).toBe('first');
});

it('a secret is read again after a failure, which names the parameter', async () => {
  ssm.value = undefined;
  const secret = parameterSecret(name);

  await expect(secret.read()).rejects.toThrow(`The parameter ${name} cannot be read: SSM answers 400`);
  ssm.value = 'second';

  expect(await secret.read()).toBe('second');
});

it('a secret is read again after it was discarded', async () => {
  const secret = parameterSecret(name);
  await secret.read();
  ssm.value = 'second';
  secret.discard();

  expect(await secret.read()).toBe('second');
});
