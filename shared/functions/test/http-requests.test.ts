import { Quantity, Sku } from '@orderly/contracts';
import * as v from 'valibot';
import { http, ok } from '../src/http/handler.ts';
import { maxBodyBytes } from '../src/http/request.ts';
import { currentRequestContext } from '../src/observability/request-context.ts';
import { ask, request, requestId } from './invocations.ts';

const jsonType = { 'content-type': 'application/json' };

/** Answers with its input. */
const echo = http(
  {
    path: v.object({ orderId: v.pipe(v.string(), v.uuid('Not a UUID')) }),
    query: v.object({ limit: v.optional(v.pipe(v.string(), v.digits('Not a number'))) }),
    body: v.object({ sku: Sku, quantity: Quantity }),
  },
  async (input) => ok(input),
);
const echoBody = http({ body: v.unknown() }, async ({ body }) => ok({ body }));
const echoContext = http({}, async () => ok(currentRequestContext()));
const echoKey = http({}, async ({ idempotencyKey }) => ok({ key: idempotencyKey ?? null }));

const refusal = (status: number, code: string, more: object = {}) => ({
  status,
  body: { type: `urn:orderly:problem:${code}`, ...more },
});
const invalid = (...errors: readonly object[]) => refusal(400, 'invalid-request', { errors });

const valid = {
  pathParameters: { orderId: '0192f0c1-7e00-7000-8000-000000000001' },
  queryStringParameters: { limit: '5' },
  body: JSON.stringify({ sku: 'A', quantity: 1 }),
};

describe('a request', () => {
  it('is parsed by the schemas of its route', async () => {
    const headers = { ...jsonType, 'idempotency-key': 'key-1' };

    const answer = await ask(echo, { ...valid, headers });

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      path: valid.pathParameters,
      query: { limit: '5' },
      body: { sku: 'A', quantity: 1 },
      idempotencyKey: 'key-1',
    });
  });

  it('is refused with all issues of path, query, body and headers', async () => {
    const answer = await ask(echo, {
      pathParameters: { orderId: 'x' },
      queryStringParameters: { limit: 'many' },
      body: JSON.stringify({ sku: '', quantity: 0 }),
      headers: { ...jsonType, 'idempotency-key': 'with space' },
    });

    expect(answer).toMatchObject(
      invalid(
        { path: '/path/orderId', message: 'Not a UUID' },
        { path: '/query/limit', message: 'Not a number' },
        { path: '/body/sku' },
        { path: '/body/quantity', message: 'A quantity must be at least 1' },
        { path: '/headers/idempotency-key' },
      ),
    );
  });

  it('is checked even without path and query parameters', async () => {
    const answer = await ask(echo, { body: valid.body });

    expect(answer).toMatchObject(invalid({ path: '/path/orderId' }));
  });

  it('is refused with the first 100 of its issues', async () => {
    const route = http({ body: v.array(v.object({ a: v.string() })) }, async () => ok({}));
    const body = JSON.stringify(Array.from({ length: 20_000 }, () => ({})));

    const answer = await ask(route, { body });

    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(100);
  });
});

describe('a body', () => {
  const latin1 = Buffer.from('"caf\xe9"', 'latin1').toString('base64');
  it.each([
    ...[undefined, '', '{', '{"a":}', 'nonsense', '\uFEFF{}'].map((body) => ({ body: body as string })),
    { body: latin1, isBase64Encoded: true },
  ])('is malformed JSON: 400 (%j)', async (body) => {
    expect(await ask(echoBody, body)).toMatchObject(refusal(400, 'malformed-json'));
  });

  it.each([
    ['null', null],
    ['[1]', [1]],
    ['"é"', 'é'],
  ])('may be any JSON that the schema accepts: %s', async (body, value) => {
    const answer = await ask(echoBody, { body });

    expect(answer.body).toEqual({ body: value });
  });

  it('of the wrong shape has the path /body', async () => {
    const answer = await ask(echo, { ...valid, body: '[]' });

    expect(answer).toMatchObject(invalid({ path: '/body/sku' }, { path: '/body/quantity' }));
  });

  // serverless-offline sends null where API Gateway has no member.
  it.each([undefined, null, '', ' ', '{}'])('may be %j on a route without a body', async (body) => {
    const answer = await ask(echoKey, { body: body as string, headers: {} });

    expect(answer.status).toBe(200);
  });

  const tooLong = 'x'.repeat(maxBodyBytes + 1);
  it.each(['{', '[]', '"text"', 'a=b', '7', 'null', tooLong])(
    'must not be anything else on a route without a body: 400 (%#)',
    async (body) => {
      const answer = await ask(echoKey, { body, headers: {} });

      expect(answer).toMatchObject(invalid({ path: '/body', message: 'This route takes no body' }));
    },
  );
});

describe('nothing of a request is dropped silently', () => {
  const refusedFor = async (changes: Parameters<typeof request>[0], route = echo) => {
    const answer = await ask(route, { ...valid, queryStringParameters: {}, ...changes });
    expect(answer).toMatchObject(refusal(400, 'invalid-request'));
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

  it('reports every unknown member of a body, at any depth, with the known ones', async () => {
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
    'reports the member %s, which every object inherits',
    async (name) => {
      const body = JSON.stringify(order).replace('{', `{"${name}":1,`);

      expect(await refusedFor({ body }, routes)).toMatchObject([{ path: `/body/${name}` }]);
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])(
    'reports the member %s of a record, which would be dropped',
    async (name) => {
      const body = JSON.stringify({ ...order, metadata: {} }).replace(':{}', `:{"${name}":"x"}`);

      expect(await refusedFor({ body }, routes)).toEqual([
        { path: `/body/metadata/${name}`, message: `A pair must not be called "${name}"` },
      ]);
    },
  );

  it('reports issues of known members as well', async () => {
    expect(await refusedFor({ body: JSON.stringify({ sku: 'A', quantity: 0, more: 1 }) })).toEqual([
      { path: '/body/more', message: 'Unknown; known here: sku, quantity' },
      { path: '/body/quantity', message: 'A quantity must be at least 1' },
    ]);
  });

  it('reports unknown query parameters, also on a route without any', async () => {
    expect(await refusedFor({ queryStringParameters: { limit: '5', sort: 'up', Limit: '7' } })).toEqual([
      { path: '/query/sort', message: 'Unknown; known here: limit' },
      { path: '/query/Limit', message: 'Unknown; known here: limit' },
    ]);
    expect(await refusedFor({ queryStringParameters: { dryRun: '1' }, body: '{}' }, echoKey)).toEqual([
      { path: '/query/dryRun', message: 'Unknown: nothing is taken here' },
    ]);
  });

  it('reports the members of a body on a route without one', async () => {
    expect(await refusedFor({ queryStringParameters: {}, body: '{"reason":"late"}' }, echoKey)).toEqual([
      { path: '/body/reason', message: 'Unknown: nothing is taken here' },
    ]);
  });

  it('reports the first 100 of a thousand unknown members', async () => {
    const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));

    expect(await refusedFor({ body: JSON.stringify(body) })).toHaveLength(100);
  });

  it('reports a list that is too long without checking its items', async () => {
    const lines = Array.from({ length: 100_000 }, () => ({}));

    expect(await refusedFor({ body: JSON.stringify({ ...order, lines }) }, routes)).toEqual([
      { path: '/body/lines', message: 'Three lines at most' },
    ]);
  });
});

describe('the size of a body', () => {
  /** A JSON string of this size in bytes. */
  const ascii = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  const multiByte = (bytes: number) =>
    `"${'€'.repeat(Math.floor((bytes - 2) / 3))}${'x'.repeat((bytes - 2) % 3)}"`;
  const base64 = (text: string) => ({ body: Buffer.from(text).toString('base64'), isBase64Encoded: true });

  it.each([
    ['as text', (bytes: number) => ({ body: ascii(bytes) })],
    ['of characters of several bytes', (bytes: number) => ({ body: multiByte(bytes) })],
    ['in base64', (bytes: number) => base64(ascii(bytes))],
  ])('may be as large as the limit, and not a byte larger: 413 (%s)', async (_how, sized) => {
    const largest = await ask(echoBody, sized(maxBodyBytes));
    const tooLarge = await ask(echoBody, sized(maxBodyBytes + 1));

    expect(largest.status).toBe(200);
    const detail = 'The body is larger than 655360 bytes';
    expect(tooLarge).toMatchObject(refusal(413, 'body-too-large', { detail }));
  });
});

it.each([
  ['application/json', 200],
  ['application/json; charset=utf-8', 200],
  ['application/json;charset=utf-8', 200],
  ['Application/JSON', 200],
  ['application/problem+json', 200],
  ['application/vnd.orderly.v1+json ; a=b', 200],
  [undefined, 415],
  ['', 415],
  ['text/plain', 415],
  ['application/xml', 415],
  ['application/jsonp', 415],
  ['application/json-seq', 415],
  ['text/json', 415],
  ['application/x-www-form-urlencoded', 415],
])('a body of the content type %s is answered with %d', async (contentType, status) => {
  const answer = await ask(echoBody, { headers: { 'content-type': contentType } });

  expect(answer).toMatchObject(status === 200 ? { status } : refusal(415, 'unsupported-media-type'));
});

describe('the idempotency key', () => {
  it.each([undefined, 'k', '!', '~', 'a'.repeat(255)])('may be %j', async (key) => {
    const answer = await ask(echoKey, { headers: { 'idempotency-key': key } });

    expect(answer.body).toEqual({ key: key ?? null });
  });

  it.each(['', ' ', 'a b', 'a'.repeat(256), 'é', 'tab\t', '\u007f'])('must not be %j', async (key) => {
    const answer = await ask(echoKey, { headers: { 'idempotency-key': key } });

    expect(answer).toMatchObject(invalid({ path: '/headers/idempotency-key' }));
  });
});

describe('the request context', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const contextOf = async (headers: Record<string, string | undefined>) =>
    (await ask(echoContext, { headers })).body;
  const ofTrace = (trace: string) => expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  const spanOf = (sent: string) => sent.split('-')[2];

  it.each([
    ...['c', 'shop:42_a.b-c', 'c'.repeat(128)].map((id) => [id, id]),
    ...['', 'a b', 'c'.repeat(129), 'a"b', 'a\nb', 'é'].map((id) => [id, requestId]),
  ])('has the correlation id of the caller if it is valid: %j', async (sent, correlationId) => {
    expect(await contextOf({ 'x-correlation-id': sent })).toMatchObject({
      correlationId,
      causationId: requestId,
    });
  });

  it('has a new span of the trace of the caller', async () => {
    const context = await contextOf({ traceparent });

    expect(context.traceparent).toEqual(ofTrace('0af7651916cd43dd8448eb211c80319c'));
    expect(spanOf(context.traceparent)).not.toBe(spanOf(traceparent));
  });

  it('has the log keys of the route, with their path parameters', async () => {
    const route = http({ path: v.any(), logKeys: { order_id: 'orderId' } }, async () =>
      ok(currentRequestContext()),
    );

    const { body } = await ask(route, { pathParameters: { orderId: 'order 1' } });

    expect(body).toMatchObject({ logKeys: { order_id: 'order 1' } });
  });

  it.each([
    '',
    'nonsense',
    traceparent.toUpperCase(),
    `${traceparent}-more`,
    traceparent.replace(/^00/, 'ff'),
    traceparent.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    traceparent.replace('b7ad6b7169203331', '0'.repeat(16)),
  ])('begins a trace if the traceparent is invalid: %j', async (value) => {
    const context = await contextOf({ traceparent: value });

    expect(context.traceparent).toEqual(ofTrace('(?!0af7651916cd43dd|0{32})[0-9a-f]{32}'));
  });
});

describe('the caller', () => {
  const echoCaller = http({}, async ({ caller }) =>
    ok(caller === undefined ? 'anybody' : { sub: caller.sub, scopes: [...caller.scopes] }),
  );
  const withAuthorizer = (authorizer: unknown) => {
    const { requestContext } = request();
    return { requestContext: { ...requestContext, authorizer } };
  };
  const callerIn = (authorizer: unknown) => ask(echoCaller, withAuthorizer(authorizer));

  it('has the subject and the scopes of the verified claims, in every form that issuers use', async () => {
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
  ])('has the e-mail address of the token if the issuer has verified it: %j', async (verified, email) => {
    const echoEmail = http({}, async ({ caller }) => ok({ email: caller?.email }));
    const claims = { sub: 'alice', email: 'alice@example.com', email_verified: verified };

    const { body } = await ask(echoEmail, withAuthorizer({ jwt: { claims } }));

    expect(body).toEqual(email === undefined ? {} : { email });
  });

  it.each([
    ['billing', 'billing'],
    ['', undefined],
    [7, undefined],
  ])('has the program that the token was issued to: %j', async (client_id, clientId) => {
    const echoClient = http({}, async ({ caller }) => ok({ clientId: caller?.clientId }));

    const { body } = await ask(echoClient, withAuthorizer({ jwt: { claims: { sub: 'alice', client_id } } }));

    expect(body).toEqual(clientId === undefined ? {} : { clientId });
  });

  it('is undefined in a stage with open APIs', async () => {
    expect(await callerIn(undefined)).toMatchObject({ status: 200, body: 'anybody' });
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
      ...refusal(401, 'invalid-token', { status: 401 }),
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
  });
});
