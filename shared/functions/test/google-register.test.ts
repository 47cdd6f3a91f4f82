/** @jest-environment-options {"customExportConditions": ["google", "node", "node-addons"]} */
import type * as Register from '../src/google/register.ts';
import type { Trigger } from '../src/trigger.ts';
import { collectOutput, loadAnew, written } from './collected-output.ts';
import { issuerUnderTest, newKey } from './issuer-under-test.ts';
import { mockPublishModule } from './recorded-publisher.ts';
import { orderEvent } from './records.ts';
import { echo, registered, routeOf, toolkit } from './registered.ts';

jest.mock('../src/postgres/publish.ts', () => mockPublishModule);

// A subscription would outlive this file in Jest's process, and change the requests of others.
const mockSubscribed: [name: string, subscriber: (message: unknown) => void][] = [];
jest.mock('node:diagnostics_channel', () => ({
  subscribe: (...subscribed: (typeof mockSubscribed)[0]) => void mockSubscribed.push(subscribed),
}));

const account = 'push@orderly-1.iam.gserviceaccount.com';
const audience = 'https://orderly.example.com';
const issuer = issuerUnderTest();
let key: Awaited<ReturnType<typeof newKey>>;
let authorization = '';

collectOutput({ POWERTOOLS_LOG_LEVEL: 'INFO', DATABASE_URL: 'postgres://127.0.0.1/none' });
beforeAll(async () => {
  key = await newKey('RS256');
});
beforeEach(async () => {
  issuer.keys = [key];
  Object.assign(process.env, {
    SERVICE_ACCOUNT: account,
    TOKEN_AUDIENCE: audience,
    GOOGLE_TOKEN_ISSUER: issuer.server.url,
  });
  authorization = await tokenOf({});
});

const tokenOf = async (claims: object) =>
  `Bearer ${await issuer.sign(key, { aud: audience, email: account, email_verified: true, ...claims })}`;

type Handler = Parameters<Parameters<(typeof Register)['register']>[0]['http']>[1];

/** Registers a function. @returns what the framework was told to call */
function registerOne(trigger: Trigger, handlerOf: (from: ReturnType<typeof toolkit>) => unknown): Handler {
  return loadAnew(() => {
    const told: Handler[] = [];
    const http = (name: string, handler: Handler) => {
      if (name === 'one') told.push(handler);
    };
    const { register }: typeof Register = require('../src/google/register.ts');
    register({ http }, [registered('one', trigger, handlerOf(toolkit()))]);
    const [handler] = told;
    if (handler === undefined) throw new Error('Nothing was registered');
    return handler;
  });
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** Calls a function as the framework does. @returns the answer */
async function send(handler: Handler, request: Parameters<Handler>[0]) {
  const answers: {
    readonly status: number;
    readonly headers?: object | undefined;
    body?: string | undefined;
  }[] = [];
  const response = {
    writeHead: (status: number, headers?: object) => {
      answers.push({ status, headers });
      return response;
    },
    end: (body?: string) => Object.assign(answers[0] ?? {}, { body }),
  };
  await handler(request, response);
  expect(answers).toHaveLength(1);
  return { status: 0, ...answers[0] };
}

const ask = (handler: Handler, { method = 'POST', path = '/', headers = {}, body }: Asked = {}) =>
  send(handler, { method, url: path, headers, ...(body !== undefined && { rawBody: Buffer.from(body) }) });

const called = (body = '', headers: object = {}): Asked => ({ body, headers: { authorization, ...headers } });

describe('a request', () => {
  const headers = { 'content-type': 'application/json' };
  const put = () => registerOne(routeOf('PUT', '/products/{sku}/stock'), echo);
  const asked = { method: 'PUT', headers, body: '{"name":"\u00fc"}' };

  it('has its parameters, query, headers and the bytes of its body', async () => {
    const path = '/products/a%20%2F%C3%BC/stock?x=1&x=2&y=%C3%BC+z';
    const answer = await ask(put(), { ...asked, path, headers: { ...headers, 'idempotency-key': 'key' } });

    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      ...{ path: { sku: 'a /\u00fc' }, query: { x: '1,2', y: '\u00fc z' } },
      ...{ body: { name: '\u00fc' }, key: 'key' },
    });
  });

  it('reaches functions as it came, although the framework parses bodies and decodes paths by itself', async () => {
    const handler = put();
    const rawBody = Buffer.from('{"name":"x"}');
    const arrived = { method: 'PUT', url: '/products/%E0%A4%A/stock', headers: { ...headers }, rawBody };
    const [name, arrive] = mockSubscribed.at(-1) ?? [];
    expect(name).toBe('http.server.request.start');
    arrive?.({ request: arrived });
    expect(arrived).toMatchObject({ headers: { 'content-type': 'application/octet-stream' } });
    const answer = await send(handler, arrived);

    expect(JSON.parse(answer.body ?? '')).toMatchObject({ path: { sku: '%E0%A4%A' }, body: { name: 'x' } });
  });

  it('whose path begins with two slashes is for no host', async () => {
    const all = registerOne({ kind: 'fallback' }, () =>
      (require('../src/http/handler.ts') as typeof import('../src/http/handler.ts')).fallback({}),
    );

    expect(await ask(all, { method: 'GET', path: '//elsewhere/a' })).toMatchObject({ status: 404 });
  });

  it('without a body is answered', async () => {
    const get = registerOne(routeOf('GET', '/products'), ({ http, ok }) => http({}, async () => ok({})));

    expect(await ask(get, { method: 'GET', path: '/products' })).toMatchObject({ status: 200, body: '{}' });
  });

  it('for no route is answered by the fallback, by HEAD too', async () => {
    const all = registerOne({ kind: 'fallback' }, () =>
      (require('../src/http/handler.ts') as typeof import('../src/http/handler.ts')).fallback({
        '/a': ['GET'],
      }),
    );

    expect(await ask(all, { method: 'GET', path: '/b' })).toMatchObject({ status: 404 });
    expect(await ask(all, { method: 'HEAD', path: '/a?x=1' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
    });
    expect(await ask(all, { method: 'OPTIONS', path: '/a' })).toMatchObject({ status: 204, body: undefined });
  });

  it('without a token is refused where the route has scopes and the stage an issuer', async () => {
    Object.assign(process.env, { JWT_ISSUER: issuer.server.url, JWT_AUDIENCE: audience });
    const scoped = registerOne(routeOf('PUT', '/products/{sku}', ['inventory:write']), echo);
    const path = '/products/1';

    expect(await ask(scoped, { ...asked, path })).toMatchObject({ status: 401 });
    expect(await ask(scoped, { ...asked, path, headers: { ...headers, authorization } })).toMatchObject({
      status: 403,
    });
    const good = await tokenOf({ scope: 'inventory:write' });
    expect(await ask(scoped, { ...asked, path, headers: { ...headers, authorization: good } })).toMatchObject(
      {
        status: 200,
      },
    );
  });

  it('whose token cannot be verified now is answered with 503 and Retry-After', async () => {
    Object.assign(process.env, { JWT_ISSUER: issuer.server.url, JWT_AUDIENCE: audience });
    const scoped = registerOne(routeOf('PUT', '/products/{sku}', ['inventory:write']), echo);
    issuer.isDown = true;

    expect(
      await ask(scoped, { ...asked, path: '/products/1', headers: { ...headers, authorization } }),
    ).toMatchObject({
      ...{ status: 503, body: expect.stringContaining('urn:orderly:problem:unavailable') },
      headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
    });
  });
});

describe('a push of Pub/Sub', () => {
  const subscription = { kind: 'subscription', topic: 'order-events', eventTypes: [] } as const;
  const data = (body: string) => Buffer.from(body).toString('base64');
  const push = (body: string, more: object = {}) =>
    JSON.stringify({
      message: { data: data(body), messageId: 'm', orderingKey: 'A' },
      ...{ subscription: 'projects/orderly-1/subscriptions/test-order-events--inventory', ...more },
    });
  const handled: unknown[] = [];
  const recording = () =>
    registerOne(subscription, () => ({
      kind: 'messages',
      handle: async (message: unknown) => handled.push(message) > 0,
    }));
  beforeEach(() => {
    handled.length = 0;
  });

  it('is unwrapped, with how often it was received', async () => {
    const handler = recording();
    const first = await ask(handler, called(push('{"name":"\u00fc"}', { deliveryAttempt: 4 })));
    await ask(handler, called(push('')));

    const message = { id: 'm', queue: 'test-order-events--inventory' };
    expect(handled).toEqual([
      { ...message, body: '{"name":"\u00fc"}', receiveCount: 4 },
      { ...message, body: '', receiveCount: 1 },
    ]);
    expect(first).toMatchObject({ status: 204, body: undefined });
  });

  it('is acknowledged once its event is handled, and comes again otherwise', async () => {
    const handler = registerOne(subscription, ({ consume, on, OrderPlaced }) =>
      consume(
        on(OrderPlaced, async ({ subject }) => {
          if (subject === 'B') throw new Error('refused');
        }),
      ),
    );
    const status = async (body: object) => (await ask(handler, called(push(JSON.stringify(body))))).status;

    expect(await status(orderEvent('A'))).toBe(204);
    expect(await status(orderEvent('B'))).toBe(503);
    expect(await status({})).toBe(503);
    expect(written.filter(({ message }) => String(message).startsWith('Message failed'))).toHaveLength(2);
  });

  it.each([
    '',
    'none',
    '{}',
    '{"message":{"data":"e30="}}',
    '{"message":{"data":1,"messageId":"m"},"subscription":"s"}',
  ])('that has the body %j is none, and is refused with 400', async (body) => {
    expect(await ask(recording(), called(body))).toMatchObject({ status: 400 });
    expect(handled).toEqual([]);
    expect(written).toContainEqual(expect.objectContaining({ severity: 'ERROR', function_name: 'one' }));
  });

  describe('is refused with 401', () => {
    it.each([
      ['without a token', async () => undefined],
      ['with no token at all', async () => 'Bearer none-of-ours'],
      ['of another account', () => tokenOf({ email: 'other@orderly-1.iam.gserviceaccount.com' })],
      ['of an account that is not verified', () => tokenOf({ email_verified: false })],
      ['for another audience', () => tokenOf({ aud: 'https://elsewhere.example.com' })],
      ['of another issuer', () => tokenOf({ iss: 'https://accounts.example.com' })],
    ])('%s', async (_what, make) => {
      const answer = await ask(recording(), { body: push('{}'), headers: { authorization: await make() } });

      expect(answer).toMatchObject({ status: 401, body: undefined });
      expect(handled).toEqual([]);
    });
  });

  it('comes again where its token cannot be verified now', async () => {
    const handler = recording();
    issuer.isDown = true;
    expect(await ask(handler, called(push('{}')))).toMatchObject({ status: 503 });
    expect(handled).toEqual([]);
    issuer.isDown = false;

    expect(await ask(handler, called(push('{}')))).toMatchObject({ status: 204 });
  });
});

it('a task of Cloud Tasks is handled with its name, and comes again where it failed', async () => {
  const seen: unknown[] = [];
  const handler = registerOne({ kind: 'tasks', queue: 'q' }, ({ consumeTasks }) =>
    consumeTasks(async ([task]) => {
      seen.push(task);
      return task?.body === 'fails' ? [task] : [];
    }),
  );
  const headers = { 'x-cloudtasks-taskname': 'task-1' };

  expect(await ask(handler, called('{"id":1}', headers))).toMatchObject({ status: 204 });
  expect(await ask(handler, called('fails', headers))).toMatchObject({ status: 503 });
  expect(seen).toEqual([
    { id: 'task-1', body: '{"id":1}' },
    { id: 'task-1', body: 'fails' },
  ]);
});

it.each([{ kind: 'schedule', everySeconds: 60, enabled: true } as const, { kind: 'publisher' } as const])(
  'Cloud Scheduler is told whether the work of a $kind went well, and the log why not',
  async (trigger) => {
    const work = jest.fn(async () => 'done');
    const handler = registerOne(trigger, ({ schedule }) => schedule(work));

    expect(await ask(handler, called())).toMatchObject({ status: 204 });
    work.mockRejectedValue(new Error('refused'));
    expect(await ask(handler, called())).toMatchObject({ status: 503 });
    expect(await ask(handler)).toMatchObject({ status: 401 });

    expect(work).toHaveBeenCalledTimes(2);
    expect(written).toContainEqual(
      expect.objectContaining({
        function_name: 'one',
        error: expect.objectContaining({ message: 'refused' }),
      }),
    );
  },
);

it('a function that Google calls is not loaded without an account to expect', () => {
  delete process.env.SERVICE_ACCOUNT;
  const load = () => registerOne({ kind: 'publisher' }, ({ schedule }) => schedule(async () => undefined));

  expect(load).toThrow('SERVICE_ACCOUNT');
});
