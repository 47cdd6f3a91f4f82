/** @jest-environment-options {"customExportConditions": ["azure", "node", "node-addons"]} */
import type * as Register from '../src/azure/register.ts';
import type { Trigger } from '../src/trigger.ts';
import { loadAnew } from './collected-output.ts';
import { mockPublishModule } from './recorded-publisher.ts';
import { orderEvent } from './records.ts';
import { echo, registered, routeOf, toolkit } from './registered.ts';

jest.mock('../src/postgres/publish.ts', () => mockPublishModule);

const unchanged = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, {
    DATABASE_URL: 'postgres://127.0.0.1/none',
    POWERTOOLS_SERVICE_NAME: 'inventory',
  });
});
afterEach(() => {
  process.env = { ...unchanged };
});

interface Options {
  readonly [name: string]: unknown;
  handler(input: unknown, context: object): Promise<unknown>;
}

type Functions = Parameters<(typeof Register)['register']>[1];

/** Registers functions with an app that records each registration as `kind name`. */
function registerAll(
  functions: (from: ReturnType<typeof toolkit>) => Functions,
): Readonly<Record<string, Options>> {
  return loadAnew(() => {
    const told: Record<string, Options> = {};
    const recording = (kind: string) => (name: string, options: object) => {
      told[`${kind} ${name}`] = options as Options;
    };
    const kinds = ['http', 'serviceBusTopic', 'serviceBusQueue', 'timer'] as const;
    const app = Object.fromEntries(kinds.map((kind) => [kind, recording(kind)]));
    const { register }: typeof Register = require('../src/azure/register.ts');
    register(app as unknown as Parameters<typeof register>[0], functions(toolkit()));
    return told;
  });
}

/** Registers one function. @returns what the app was told of it */
const registerOne = (trigger: Trigger, handlerOf: (from: ReturnType<typeof toolkit>) => unknown): Options => {
  const [options] = Object.values(registerAll((from) => [registered('one', trigger, handlerOf(from))]));
  if (options === undefined) throw new Error('Nothing was registered');
  return options;
};

const invocation = (triggerMetadata?: object) => ({ invocationId: 'invocation-1', triggerMetadata });
const every = (everySeconds: number, enabled = true): Trigger => ({
  kind: 'schedule',
  everySeconds,
  enabled,
});
const nothing = ({ schedule }: ReturnType<typeof toolkit>) => schedule(async () => undefined);

describe('the app is told of', () => {
  it('a route, without its leading slash, which Azure lets everybody call', () => {
    const { handler, ...options } = registerOne(routeOf('PUT', '/products/{sku}'), echo);

    expect(options).toEqual({ methods: ['PUT'], authLevel: 'anonymous', route: 'products/{sku}' });
  });

  it('the fallback, for every other path and all methods', () => {
    const { handler, ...options } = registerOne({ kind: 'fallback' }, echo);

    expect(options).toEqual({
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'],
      ...{ authLevel: 'anonymous', route: '{*path}' },
    });
  });

  it('a subscription of the service, with sessions', () => {
    const trigger = { kind: 'subscription', topic: 'order-events', eventTypes: [] } as const;
    const told = registerAll((from) => [registered('consume', trigger, from.consume())]);

    expect(told).toMatchObject({
      'serviceBusTopic consume': {
        ...{ connection: 'SERVICE_BUS', topicName: 'test-order-events', subscriptionName: 'inventory' },
        isSessionsEnabled: true,
      },
    });
  });

  it('a queue of tasks', () => {
    const trigger = { kind: 'tasks', queue: 'test-webhooks--deliveries' } as const;
    const told = registerAll((from) => [
      registered(
        'deliver',
        trigger,
        from.consumeTasks(async () => []),
      ),
    ]);

    expect(told).toMatchObject({
      'serviceBusQueue deliver': { connection: 'SERVICE_BUS', queueName: 'test-webhooks--deliveries' },
    });
  });

  it('the publisher, every ten seconds', () => {
    expect(registerOne({ kind: 'publisher' }, nothing).schedule).toBe('*/10 * * * * *');
  });

  it.each([
    [30, '*/30 * * * * *'],
    [60, '0 */1 * * * *'],
    [300, '0 */5 * * * *'],
    [1_800, '0 */30 * * * *'],
    [3_600, '0 0 */1 * * *'],
    [43_200, '0 0 */12 * * *'],
    [86_400, '0 0 0 * * *'],
  ])('a schedule of every %d seconds as %s', (seconds, cron) => {
    expect(registerOne(every(seconds), nothing).schedule).toBe(cron);
  });

  it('no schedule that is not enabled', () => {
    expect(registerAll((from) => [registered('off', every(60, false), nothing(from))])).toEqual({});
  });
});

it.each([0, 7, 90, 420, 18_000, 172_800])('a schedule of every %d seconds is refused', (seconds) => {
  expect(() => registerOne(every(seconds), nothing)).toThrow(`Every ${seconds} seconds is no schedule`);
});

describe('a request', () => {
  const request = (method: string, url: string, body = '{"name":"\u00fc"}', headers: object = {}) => ({
    ...{ method, url, params: { sku: 'a b' }, query: new URL(url).searchParams },
    headers: new Headers({ 'Content-Type': 'application/json', ...headers }),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  });
  const url = 'https://orderly.example.com/products/a%20b?x=1&x=2&y=%C3%BC';
  const put = () => registerOne(routeOf('PUT', '/products/{sku}'), echo);

  it('has its parameters, query, headers and the bytes of its body', async () => {
    const answer = await put().handler(
      request('PUT', url, undefined, { 'Idempotency-Key': 'key' }),
      invocation(),
    );

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-request-id': 'invocation-1' },
    });
    const { body } = answer as { readonly body: string };
    expect(JSON.parse(body)).toEqual({
      ...{ path: { sku: 'a b' }, query: { x: '1,2', y: '\u00fc' } },
      ...{ body: { name: '\u00fc' }, key: 'key' },
    });
  });

  it('without JSON is refused with problem details', async () => {
    const answer = await put().handler(request('PUT', url, 'none'), invocation());

    expect(answer).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json' },
      body: expect.stringContaining('malformed-json'),
    });
  });

  it('for no route is answered by the fallback', async () => {
    const { fallback }: typeof import('../src/http/handler.ts') = require('../src/http/handler.ts');
    const all = registerOne({ kind: 'fallback' }, () => fallback({ '/products/{sku}': ['PUT', 'GET'] }));
    const ask = (method: string, path: string) =>
      all.handler(request(method, `https://orderly.example.com${path}`, ''), invocation());

    expect(await ask('GET', '/elsewhere')).toMatchObject({ status: 404 });
    expect(await ask('HEAD', '/products/1')).toMatchObject({ status: 405, headers: { allow: 'PUT, GET' } });
    expect(await ask('OPTIONS', '/products/1')).toEqual(
      expect.not.objectContaining({ body: expect.anything() }),
    );
  });

  it('without a token is refused where the route has scopes and the stage an issuer', async () => {
    Object.assign(process.env, { JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'orderly' });
    const scoped = registerOne(routeOf('PUT', '/products/{sku}', ['inventory:write']), echo);

    expect(await scoped.handler(request('PUT', url), invocation())).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', 'x-request-id': 'invocation-1' },
    });
  });
});

describe('a message', () => {
  const subscription = { kind: 'subscription', topic: 'order-events', eventTypes: [] } as const;
  const seen: unknown[] = [];
  const consumer = (fails = false) =>
    registerOne(subscription, ({ consume, on, OrderPlaced }) =>
      consume(
        on(OrderPlaced, async (event, { body }) => {
          if (fails) throw new Error('refused');
          seen.push([event.subject, body]);
        }),
      ),
    );
  const event = orderEvent('A');
  const metadata = invocation({ messageId: 'm', deliveryCount: 3 });
  /** After which nothing waits until it comes again. */
  const lastReceive = invocation({ messageId: 'm', deliveryCount: Number(process.env.MAX_RECEIVE_COUNT) });
  beforeEach(() => {
    seen.length = 0;
  });

  it.each([
    ['JSON that Azure has parsed', event],
    ['text', JSON.stringify(event)],
    ['bytes', Buffer.from(JSON.stringify(event))],
  ])('of %s is handled, and resolves', async (_what, message) => {
    await consumer().handler(message, metadata);

    expect(seen).toEqual([['A', JSON.stringify(event)]]);
  });

  it('that fails rejects a second later, so that Azure redelivers it', async () => {
    const [first, begun] = [invocation({ messageId: 'm', deliveryCount: 1 }), performance.now()];

    await expect(consumer(true).handler(event, first)).rejects.toThrow('Message m, see the log');

    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it.each([['none'], [{ specversion: '1.0' }], [null], [7]])(
    'that is %j and no event rejects',
    async (message) => {
      await expect(consumer().handler(message, lastReceive)).rejects.toThrow();
    },
  );

  it('is handed over with its queue and how often it was received', async () => {
    const handled: unknown[] = [];
    const raw = { kind: 'messages', handle: async (message: unknown) => handled.push(message) > 0 };
    const { handler } = registerOne(subscription, () => raw);

    await handler('{}', metadata);
    await handler('{}', invocation({ messageId: 'n' }));

    const queue = 'test-order-events/inventory';
    expect(handled).toEqual([
      { id: 'm', body: '{}', queue, receiveCount: 3 },
      { id: 'n', body: '{}', queue, receiveCount: 1 },
    ]);
  });
});

describe('a task', () => {
  const tasks = { kind: 'tasks', queue: 'q' } as const;

  it('is handled with its id and body, and rejects where it failed', async () => {
    const seen: unknown[] = [];
    const { handler } = registerOne(tasks, ({ consumeTasks }) =>
      consumeTasks(async ([task]) => {
        seen.push(task);
        return task?.body === '{"fails":true}' ? [task] : [];
      }),
    );

    await handler({ id: 1 }, invocation({ messageId: 't' }));
    await expect(handler({ fails: true }, invocation({ messageId: 'u' }))).rejects.toThrow(
      'Task u, see the log',
    );

    expect(seen).toEqual([
      { id: 't', body: '{"id":1}' },
      { id: 'u', body: '{"fails":true}' },
    ]);
  });
});

it('a timer does the work, and rejects as it does', async () => {
  const work = jest.fn(async () => 'done');
  const { handler } = registerOne(every(60), ({ schedule }) => schedule(work));
  await handler({}, invocation());
  work.mockRejectedValue(new Error('refused'));

  await expect(handler({}, invocation())).rejects.toThrow('refused');
  expect(work).toHaveBeenCalledTimes(2);
});
