import { Quantity, Sku } from '@orderly/contracts';
import * as v from 'valibot';
import { http, maxBodyBytes, ok } from '../src/http/handler.ts';
import { currentRequestContext } from '../src/observability/request-context.ts';
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
const echoFlow = http({}, async () => ok(currentRequestContext()));
const echoKey = http({}, async ({ idempotencyKey }) => ok({ key: idempotencyKey ?? null }));

const valid = {
  pathParameters: { orderId: '0192f0c1-7e00-7000-8000-000000000001' },
  queryStringParameters: { limit: '5' },
  body: JSON.stringify({ sku: 'A', quantity: 1 }),
};

describe('a request', () => {
  it('is handed on as its schemas describe it', async () => {
    const { body } = valid;
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

  // serverless-offline says null where API Gateway has no member.
  it.each([undefined, null, '', ' ', '{}'])('may be %j where a route takes none', async (body) => {
    const { body: _body, ...rest } = request({ headers: {} });

    const answer = seen(
      await echoKey(body === undefined ? rest : { ...rest, body: body as string }, context),
    );

    expect(answer.status).toBe(200);
  });

  const tooLong = 'x'.repeat(maxBodyBytes + 1);
  it.each(['{', '[]', '"text"', 'a=b', '7', 'null', tooLong])(
    'must not be anything else where a route takes none: 400 (%#)',
    async (body) => {
      const answer = seen(await echoKey(request({ body, headers: {} }), context));

      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/body', message: 'This route takes no body' }] },
      });
    },
  );
});

describe('nothing of a request is dropped silently', () => {
  const refusedFor = async (changes: Parameters<typeof request>[0], route = echo) => {
    const answer = seen(await route(request({ ...valid, queryStringParameters: {}, ...changes }), context));
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:orderly:problem:invalid-request' } });
    return answer.body.errors;
  };
  const routes = http(
    {
      body: v.object({
        customer: v.object({ id: v.string() }),
        lines: v.pipe(v.array(v.object({ sku: v.string() })), v.maxLength(3, 'Three lines at most')),
        note: v.exactOptional(v.object({ text: v.string() })),
        metadata: v.exactOptional(v.record(v.string(), v.string())),
      }),
    },
    async ({ body }) => ok(body),
  );
  const order = { customer: { id: 'a' }, lines: [{ sku: 'A' }], note: { text: 'x' } };

  it('names every unknown member of a body, at any depth, with those that are known', async () => {
    const body = {
      ...order,
      colour: 'red',
      customer: { id: 'a', name: 'Ann' },
      lines: [{ sku: 'A' }, { sku: 'B', colour: 1, 'a/b~': 2 }],
      note: { text: 'x', lang: 'en' },
    };

    expect(await refusedFor({ body: JSON.stringify(body) }, routes)).toEqual([
      { path: '/body/customer/name', message: 'Unknown; known here: id' },
      { path: '/body/lines/1/colour', message: 'Unknown; known here: sku' },
      { path: '/body/lines/1/a~1b~0', message: 'Unknown; known here: sku' },
      { path: '/body/note/lang', message: 'Unknown; known here: text' },
      { path: '/body/colour', message: 'Unknown; known here: customer, lines, note, metadata' },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'names the member %s, which every object inherits',
    async (name) => {
      const body = JSON.stringify(order).replace('{', `{"${name}":1,`);

      expect(await refusedFor({ body }, routes)).toEqual([
        expect.objectContaining({ path: `/body/${name}` }),
      ]);
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])(
    'names the pair %s, which would be dropped',
    async (name) => {
      const body = JSON.stringify({ ...order, metadata: {} }).replace(
        '"metadata":{',
        `"metadata":{"${name}":"x"`,
      );

      expect(await refusedFor({ body }, routes)).toEqual([
        { path: `/body/metadata/${name}`, message: `A pair must not be called "${name}"` },
      ]);
    },
  );

  it('names what is wrong with known members, too', async () => {
    expect(await refusedFor({ body: JSON.stringify({ sku: 'A', quantity: 0, more: 1 }) })).toEqual([
      { path: '/body/more', message: 'Unknown; known here: sku, quantity' },
      { path: '/body/quantity', message: 'A quantity must be at least 1' },
    ]);
  });

  it('names unknown query parameters, also where a route takes none', async () => {
    expect(await refusedFor({ queryStringParameters: { limit: '5', sort: 'up', Limit: '7' } })).toEqual([
      { path: '/query/sort', message: 'Unknown; known here: limit' },
      { path: '/query/Limit', message: 'Unknown; known here: limit' },
    ]);
    expect(await refusedFor({ queryStringParameters: { dryRun: '1' }, body: '{}' }, echoKey)).toEqual([
      { path: '/query/dryRun', message: 'Unknown: nothing is taken here' },
    ]);
  });

  it('names the members of a body where a route takes none', async () => {
    expect(await refusedFor({ queryStringParameters: {}, body: '{"reason":"late"}' }, echoKey)).toEqual([
      { path: '/body/reason', message: 'Unknown: nothing is taken here' },
    ]);
  });

  it('tells the first 100 of a thousand', async () => {
    const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));

    expect(await refusedFor({ body: JSON.stringify(body) })).toHaveLength(100);
  });

  it('says of a list that is too long only that, and looks at nothing in it', async () => {
    const lines = Array.from({ length: 100_000 }, () => ({}));

    expect(await refusedFor({ body: JSON.stringify({ ...order, lines }) }, routes)).toEqual([
      { path: '/body/lines', message: 'Three lines at most' },
    ]);
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
  ])('may be as large as the limit, %s', async (_how, body) => {
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
      body: { type: 'urn:orderly:problem:body-too-large', detail: 'The body is larger than 655360 bytes' },
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
  const contextOf = async (headers: Record<string, string>) =>
    seen(await echoFlow(request({ headers }), context)).body;
  const ofTrace = (trace: string) => expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  const spanOf = (sent: string) => sent.split('-')[2];

  it('is caused by the request and, unless the caller says otherwise, begins with it', async () => {
    expect(await contextOf({})).toMatchObject({ correlationId: requestId, causationId: requestId });
  });

  it.each(['c', 'shop:42_a.b-c', 'c'.repeat(128)])('goes on under the correlation id %s', async (id) => {
    expect(await contextOf({ 'x-correlation-id': id })).toMatchObject({
      correlationId: id,
      causationId: requestId,
    });
  });

  it.each(['', 'a b', 'c'.repeat(129), 'a"b', 'a\nb', 'é'])(
    'does not take over the correlation id %j',
    async (id) => {
      expect(await contextOf({ 'x-correlation-id': id })).toMatchObject({ correlationId: requestId });
    },
  );

  it('carries the trace of the caller on, in a span of its own', async () => {
    const flow = await contextOf({ traceparent });

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
    const flow = await contextOf({ traceparent: value });

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

  it.each([
    ['true', 'alice@example.com'],
    [true, 'alice@example.com'],
    ['false', undefined],
    [undefined, undefined],
  ])(
    'has the address of the token where the issuer says that it is verified: %j',
    async (verified, email) => {
      const echoEmail = http({}, async ({ caller }) => ok({ email: caller?.email }));
      const event = request();
      const claims = { sub: 'alice', email: 'alice@example.com', email_verified: verified };
      Object.assign(event.requestContext, { authorizer: { jwt: { claims } } });

      expect(seen(await echoEmail(event, context)).body).toEqual(email === undefined ? {} : { email });
    },
  );

  it('is nobody in particular where the stage is open', async () => {
    expect(await callerIn(undefined)).toMatchObject({ status: 200, body: 'anybody' });
  });

  it('is refused without claims where the stage has an issuer, whatever its routes have lost', async () => {
    process.env.JWT_ISSUER = 'https://issuer.example.com';
    const event = request();
    await jest.isolateModulesAsync(async () => {
      const { http: closed }: typeof import('../src/http/handler.ts') = require('../src/http/handler.ts');

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
