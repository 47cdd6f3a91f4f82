import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import * as v from 'valibot';
import { generatedSecret, parameterSecret } from '../src/secret.ts';

const name = '/orderly/test/smtp-url';

/** A stand-in for Systems Manager. */
const ssm = {
  value: 'first' as string | undefined,
  /** What PutParameter is refused with. */
  refuses: undefined as string | undefined,
  requests: [] as { readonly headers: IncomingHttpHeaders; readonly body: unknown }[],
};
const server = createServer(async (request, answer) => {
  const { value } = ssm;
  const body = await json(request);
  ssm.requests.push({ headers: request.headers, body });
  if (request.headers['x-amz-target'] === 'AmazonSSM.PutParameter') {
    answer.statusCode = ssm.refuses === undefined ? 200 : 400;
    if (ssm.refuses === undefined) ssm.value = v.parse(v.object({ Value: v.string() }), body).Value;
    answer.end(JSON.stringify(ssm.refuses === undefined ? { Version: 1 } : { __type: ssm.refuses }));
    return;
  }
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
  ssm.refuses = undefined;
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

it('a secret is read where all services of AWS are, unless Systems Manager is elsewhere', async () => {
  const { AWS_ENDPOINT_URL_SSM: url, ...others } = process.env;
  try {
    process.env = { ...others, AWS_ENDPOINT_URL: url };
    expect(await parameterSecret(name).read()).toBe('first');
    process.env = { ...others, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_SSM: url };
    expect(await parameterSecret(name).read()).toBe('first');
  } finally {
    process.env = { ...others, AWS_ENDPOINT_URL_SSM: url };
  }
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

describe('a generated secret', () => {
  it('that is there is read, and nothing is generated', async () => {
    const generate = jest.fn(() => 'generated');

    expect(await generatedSecret(name, generate).read()).toBe('first');
    expect(generate).not.toHaveBeenCalled();
  });

  it('that is not there is created, encrypted and without overwriting, and then read', async () => {
    ssm.value = undefined;

    expect(await generatedSecret(name, () => 'generated').read()).toBe('generated');
    expect(ssm.requests.map(({ headers, body }) => [headers['x-amz-target'], body])).toEqual([
      ['AmazonSSM.GetParameter', { Name: name, WithDecryption: true }],
      ['AmazonSSM.PutParameter', { Name: name, Value: 'generated', Type: 'SecureString' }],
      ['AmazonSSM.GetParameter', { Name: name, WithDecryption: true }],
    ]);
  });

  it('that another one creates meanwhile is the one of the other', async () => {
    ssm.value = undefined;
    ssm.refuses = 'ParameterAlreadyExists';
    const generate = () => {
      ssm.value = 'of another one';
      return 'generated';
    };

    expect(await generatedSecret(name, generate).read()).toBe('of another one');
  });

  it('that cannot be created fails, and names the parameter but not the value', async () => {
    ssm.value = undefined;
    ssm.refuses = 'AccessDeniedException';
    const read = generatedSecret(name, () => 'generated').read();

    await expect(read).rejects.toThrow(`The parameter ${name} cannot be created: SSM answers 400`);
  });
});
