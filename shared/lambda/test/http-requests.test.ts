import { Quantity, Sku } from '@orderly/contracts';
import * as v from 'valibot';
import { currentFlow } from '../src/flow.ts';
import { http, maxBodyBytes, ok } from '../src/http.ts';
import { context, request, requestId, seen } from './invocations.ts';

const jsonType = { 'content-type': 'application/json' };

/** Answers with what it got. */
const echo = http(
  {
    path: v.object({ orderId: v.pipe(v.string(), v.uuid('Not a UUID')) }),
    query: v.object({ limit: v.optional(v.pipe(v.string(), v.digits('Not a number'))) }),
    body: v.object({ sku: Sku, quantity: Quantity }),
  },
  async (input) => ok(input),
);
const echoBody = http({ body: v.unknown() }, async ({ body }) => ok({ body }));
const echoFlow = http({}, async () => ok(currentFlow()));
const echoKey = http({}, async ({ idempotencyKey }) => ok({ key: idempotencyKey ?? null }));

const valid = {
  pathParameters: { orderId: '0192f0c1-7e00-7000-8000-000000000001' },
  queryStringParameters: { limit: '5' },
  body: JSON.stringify({ sku: 'A', quantity: 1 }),
};

describe('a request', () => {
  it('is handed on as its schemas describe it, unknown fields dropped', async () => {
    const body = JSON.stringify({ sku: 'A', quantity: 1, unknown: true });
    const headers = { ...jsonType, 'idempotency-key': 'key-1' };

    const answer = seen(await echo(request({ ...valid, body, headers }), context));

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      path: valid.pathParameters,
      query: { limit: '5' },
      body: { sku: 'A', quantity: 1 },
      idempotencyKey: 'key-1',
    });
  });

  it('is refused with every issue at once, of path, query, body and headers', async () => {
    const answer = seen(
      await echo(
        request({
          pathParameters: { orderId: 'x' },
          queryStringParameters: { limit: 'many' },
          body: JSON.stringify({ sku: '', quantity: 0 }),
          headers: { ...jsonType, 'idempotency-key': 'with space' },
        }),
        context,
      ),
    );

    expect(answer).toMatchObject({
      status: 400,
      body: {
        type: 'urn:orderly:problem:invalid-request',
        errors: [
          { path: '/path/orderId', message: 'Not a UUID' },
          { path: '/query/limit', message: 'Not a number' },
          { path: '/body/sku' },
          { path: '/body/quantity', message: 'A quantity must be at least 1' },
          { path: '/headers/idempotency-key' },
        ],
      },
    });
  });

  it('without any path or query parameter is checked all the same', async () => {
    const { pathParameters: _p, queryStringParameters: _q, ...rest } = request({ body: valid.body });

    const answer = seen(await echo(rest, context));

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/path/orderId' }] } });
  });

  it('that is wrong in more than 100 places is told the first 100', async () => {
    const route = http({ body: v.array(v.object({ a: v.string() })) }, async () => ok({}));
    const body = JSON.stringify(Array.from({ length: 20_000 }, () => ({})));

    const answer = seen(await route(request({ body }), context));

    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(100);
  });
});

describe('a body', () => {
  it.each(['', '{', '{"a":}', 'nonsense', '\uFEFF{}'])('of %j is malformed JSON: 400', async (body) => {
    const answer = seen(await echoBody(request({ body }), context));

    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:orderly:problem:malformed-json' } });
  });

  it('that is missing is malformed JSON: 400', async () => {
    const { body: _body, ...rest } = request();

    const answer = seen(await echoBody(rest, context));

    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:orderly:problem:malformed-json' } });
  });

  it('that is not UTF-8 is malformed JSON: 400', async () => {
    const body = Buffer.from('"caf\xe9"', 'latin1').toString('base64');

    const answer = seen(await echoBody(request({ body, isBase64Encoded: true }), context));

    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:orderly:problem:malformed-json' } });
  });

  it.each([
    ['null', null],
    ['[1]', [1]],
    ['"é"', 'é'],
  ])('may be any JSON that the schema takes: %s', async (body, value) => {
    const answer = seen(await echoBody(request({ body }), context));

    expect(answer.body).toEqual({ body: value });
  });

  it('of the wrong shape has the path /body', async () => {
    const answer = seen(await echo(request({ ...valid, body: '[]' }), context));

    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/body/sku' }, { path: '/body/quantity' }] },
    });
  });

  it('is ignored by a route that takes none', async () => {
    const answer = seen(await echoKey(request({ body: '{', headers: {} }), context));

    expect(answer.status).toBe(200);
  });
});

describe('the size of a body', () => {
  /** A JSON string of exactly so many bytes. */
  const ascii = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  const multiByte = (bytes: number) =>
    `"${'€'.repeat(Math.floor((bytes - 2) / 3))}${'x'.repeat((bytes - 2) % 3)}"`;
  const base64 = (text: string) => ({ body: Buffer.from(text).toString('base64'), isBase64Encoded: true });

  it.each([
    ['as text', { body: ascii(maxBodyBytes) }],
    ['of characters of several bytes', { body: multiByte(maxBodyBytes) }],
    ['in base64', base64(ascii(maxBodyBytes))],
  ])('may be 64 kB, %s', async (_how, body) => {
    const answer = seen(await echoBody(request(body), context));

    expect(answer.status).toBe(200);
  });

  it.each([
    ['as text', { body: ascii(maxBodyBytes + 1) }],
    ['of characters of several bytes', { body: multiByte(maxBodyBytes + 1) }],
    ['in base64', base64(ascii(maxBodyBytes + 1))],
  ])('must not be one byte more, %s: 413', async (_how, body) => {
    const answer = seen(await echoBody(request(body), context));

    expect(answer).toMatchObject({
      status: 413,
      body: { type: 'urn:orderly:problem:body-too-large', detail: 'The body is larger than 65536 bytes' },
    });
  });
});

describe('the content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=utf-8',
    'Application/JSON',
    'application/problem+json',
    'application/vnd.orderly.v1+json ; a=b',
  ])('may be %s', async (contentType) => {
    const answer = seen(await echoBody(request({ headers: { 'content-type': contentType } }), context));

    expect(answer.status).toBe(200);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'application/xml',
    'application/jsonp',
    'application/json-seq',
    'text/json',
    'application/x-www-form-urlencoded',
  ])('must not be %s: 415', async (contentType) => {
    const answer = seen(await echoBody(request({ headers: { 'content-type': contentType } }), context));

    expect(answer).toMatchObject({
      status: 415,
      body: { type: 'urn:orderly:problem:unsupported-media-type' },
    });
  });
});

describe('the idempotency key', () => {
  it.each(['k', '!', '~', 'a'.repeat(255)])('may be %j', async (key) => {
    const answer = seen(await echoKey(request({ headers: { 'idempotency-key': key } }), context));

    expect(answer.body).toEqual({ key });
  });

  it.each(['', ' ', 'a b', 'a'.repeat(256), 'é', 'tab\t', '\u007f'])('must not be %j', async (key) => {
    const answer = seen(await echoKey(request({ headers: { 'idempotency-key': key } }), context));

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/headers/idempotency-key' }] } });
  });

  it('may be left out', async () => {
    const answer = seen(await echoKey(request({ headers: {} }), context));

    expect(answer.body).toEqual({ key: null });
  });
});

describe('the flow of a request', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const flowOf = async (headers: Record<string, string>) =>
    seen(await echoFlow(request({ headers }), context)).body;
  const ofTrace = (trace: string) => expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  const spanOf = (sent: string) => sent.split('-')[2];

  it('is caused by the request and, unless the caller says otherwise, begins with it', async () => {
    expect(await flowOf({})).toMatchObject({ correlationId: requestId, causationId: requestId });
  });

  it.each(['c', 'shop:42_a.b-c', 'c'.repeat(128)])('goes on under the correlation id %s', async (id) => {
    expect(await flowOf({ 'x-correlation-id': id })).toMatchObject({
      correlationId: id,
      causationId: requestId,
    });
  });

  it.each(['', 'a b', 'c'.repeat(129), 'a"b', 'a\nb', 'é'])(
    'does not take over the correlation id %j',
    async (id) => {
      expect(await flowOf({ 'x-correlation-id': id })).toMatchObject({ correlationId: requestId });
    },
  );

  it('carries the trace of the caller on, in a span of its own', async () => {
    const flow = await flowOf({ traceparent });

    expect(flow.traceparent).toEqual(ofTrace('0af7651916cd43dd8448eb211c80319c'));
    expect(spanOf(flow.traceparent)).not.toBe(spanOf(traceparent));
  });

  it('names the order of the path', async () => {
    const answer = await echoFlow(request({ pathParameters: { orderId: 'order 1' } }), context);

    expect(seen(answer).body).toMatchObject({ orderId: 'order 1' });
  });

  it.each([
    '',
    'nonsense',
    traceparent.toUpperCase(),
    `${traceparent}-more`,
    traceparent.replace(/^00/, 'ff'),
    traceparent.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    traceparent.replace('b7ad6b7169203331', '0'.repeat(16)),
  ])('begins a trace where the traceparent is %j, which is none', async (value) => {
    const flow = await flowOf({ traceparent: value });

    expect(flow.traceparent).toEqual(ofTrace('(?!0af7651916cd43dd|0{32})[0-9a-f]{32}'));
  });
});

describe('the caller', () => {
  const echoCaller = http({}, async ({ caller }) =>
    ok(caller === undefined ? 'anybody' : { sub: caller.sub, scopes: [...caller.scopes] }),
  );
  const callerIn = async (authorizer: unknown) => {
    const event = request();
    Object.assign(event.requestContext, { authorizer });
    return seen(await echoCaller(event, context));
  };

  it('is who the verified claims say, with their scopes, however the issuer writes these', async () => {
    for (const claims of [
      { scope: 'orders:read orders:write' },
      { scp: '[orders:read orders:write]' },
      { scope: 'orders:read', scp: 'orders:write' },
    ]) {
      const answer = await callerIn({ jwt: { claims: { sub: 'auth0|1', ...claims } } });

      expect(answer.body).toEqual({
        sub: 'auth0|1',
        scopes: expect.arrayContaining(['orders:read', 'orders:write']),
      });
    }
  });

  it('is nobody in particular where the stage is open', async () => {
    expect(await callerIn(undefined)).toMatchObject({ status: 200, body: 'anybody' });
  });

  it('is refused without claims where the stage has an issuer, whatever its routes have lost', async () => {
    process.env.JWT_ISSUER = 'https://issuer.example.com';
    const event = request();
    await jest.isolateModulesAsync(async () => {
      const { http: closed }: typeof import('../src/http.ts') = require('../src/http.ts');

      expect(seen(await closed({}, async () => ok('anybody'))(event, context))).toMatchObject({
        status: 401,
      });
    });
    delete process.env.JWT_ISSUER;
  });

  it.each([
    ['no subject', { scope: 'orders:read' }],
    ['an empty subject', { sub: '', scope: 'orders:read' }],
    ['a subject that is no text', { sub: 7 }],
    ['scopes that are no text', { sub: 'alice', scope: ['orders:admin'] }],
    ['claims that are none', 'orders:admin'],
    ['no claims', null],
  ])('is refused with %s', async (_what, claims) => {
    expect(await callerIn({ jwt: { claims } })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      body: { type: 'urn:orderly:problem:invalid-token', status: 401 },
    });
  });
});
