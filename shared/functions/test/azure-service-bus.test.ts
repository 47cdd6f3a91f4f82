/** @jest-environment-options {"customExportConditions": ["azure", "node", "node-addons"]} */
import type * as PublishOutbox from '../src/messaging/publish-outbox.ts';
import type * as Tasks from '../src/messaging/tasks.ts';
import { isTransient } from '../src/portable/errors.ts';
import { loadAnew } from './collected-output.ts';
import { localServer, redirectFetch } from './local-server.ts';
import { expiredIn, mockExpiryModule, mockPublishModule, publish } from './recorded-publisher.ts';

jest.mock('../src/postgres/publish.ts', () => mockPublishModule);
jest.mock('../src/postgres/expiry.ts', () => mockExpiryModule);

const server = localServer();
const unchanged = { ...process.env };
beforeEach(() => {
  process.env.SERVICE_BUS_ENDPOINT = server.url;
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...unchanged };
});

const load = () => {
  const { publishOutbox } = loadAnew<typeof PublishOutbox>(() =>
    require('../src/messaging/publish-outbox.ts'),
  );
  return publishOutbox({ topic: 'order-events' } as Parameters<typeof publishOutbox>[0]);
};
const { taskQueue } = loadAnew<typeof Tasks>(() => require('../src/messaging/tasks.ts'));
const event = (id: string, body = '{}') => ({ id, type: 'orderly.order.placed.v1', subject: 'A', body });
const sent = () => server.requests.map(({ body }) => JSON.parse(body));
const idsOf = (batch: readonly { readonly BrokerProperties: { readonly MessageId: string } }[]) =>
  batch.map(({ BrokerProperties }) => BrokerProperties.MessageId);

describe('the publisher', () => {
  beforeEach(() => {
    load();
  });

  it('sends the events of an aggregate as messages of a session, byte for byte, without a token locally', async () => {
    await publish(event('1', '{"name":"\u00fc\u2028\\u0000"}'), event('2'));

    expect(server.requests).toMatchObject([
      {
        ...{ method: 'POST', path: '/test-order-events/messages' },
        headers: { 'content-type': 'application/vnd.microsoft.servicebus.json' },
      },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    const properties = {
      ...{ MessageId: '1', SessionId: 'A', Label: 'orderly.order.placed.v1' },
      ContentType: 'application/cloudevents+json',
    };
    expect(sent()[0]).toEqual([
      { Body: '{"name":"\u00fc\u2028\\u0000"}', BrokerProperties: properties },
      { Body: '{}', BrokerProperties: { ...properties, MessageId: '2' } },
    ]);
  });

  it('sends batches in order, each below the limit of the standard tier', async () => {
    const events = Array.from({ length: 30 }, (_, at) => event(String(at), 'x'.repeat(20_000)));

    await publish(...events);

    expect(sent().flatMap(idsOf)).toEqual(events.map(({ id }) => id));
    expect(server.requests.length).toBe(4);
    for (const { body } of server.requests) expect(body.length).toBeLessThan(256 * 1024);
  });

  it('names an event that is larger than a message may be, once those before it are sent', async () => {
    const large = event('2', 'x'.repeat(300_000));
    server.answer = ({ body }) => ({ status: body.length > 262_144 ? 403 : 201 });

    await expect(publish(event('1'), large, event('3'))).rejects.toMatchObject({
      ...{ name: 'RefusedEventError', eventId: '2' },
      cause: { status: 403 },
    });
    expect(sent().slice(0, -1).flatMap(idsOf)).toEqual(['1']);
  });

  it.each([
    [403, false],
    [410, false],
    [429, true],
    [503, true],
  ])(
    'keeps events while the answer is %d: that the topic is full, is not there, or is busy',
    async (status, transient) => {
      server.answer = () => ({ status });

      const error = await publish(event('1'), event('2')).catch((error: unknown) => error);

      expect(error).toMatchObject({ name: 'ServiceError', status });
      expect(isTransient(error)).toBe(transient);
    },
  );

  it('gives up with its signal', async () => {
    server.answer = () => new Promise(() => undefined);
    jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());

    const error = await publish(event('1')).catch((error: unknown) => error);

    expect(isTransient(error)).toBe(true);
  });
});

it('the function of the publisher sweeps, shows what could not be published, and removes what expired', async () => {
  process.env.TABLE_NAME = 'test-orders';
  const handler = load() as unknown as { readonly work: (remainingMs: () => number) => Promise<unknown> };

  expect(await handler.work(() => 1_000)).toEqual({ published: 3, failed: 1, expired: 2 });
  expect(expiredIn).toEqual(['test-orders']);
});

describe('a queue of tasks', () => {
  it('takes a task for now', async () => {
    await taskQueue('test-webhooks--deliveries').send('{"id":1}', { delaySeconds: 0, group: 'A' });

    expect(server.requests[0]?.path).toBe('/test-webhooks--deliveries/messages');
    expect(sent()).toEqual([[{ Body: '{"id":1}', BrokerProperties: {} }]]);
  });

  it('takes a task for later', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 31, 12));

    await taskQueue('tasks').send('{}', { delaySeconds: 900, group: 'A' });

    const [[{ BrokerProperties }]] = sent();
    expect(BrokerProperties).toEqual({ ScheduledEnqueueTimeUtc: 'Sat, 31 Jan 2026 12:15:00 GMT' });
  });

  it('rejects where the queue does not take it', async () => {
    server.answer = () => ({ status: 410 });

    await expect(taskQueue('none').send('{}', { delaySeconds: 0, group: 'A' })).rejects.toMatchObject({
      status: 410,
    });
  });
});

it('on the cloud, Service Bus is called with a token of the function app, which is asked for once', async () => {
  const host = 'orderly.servicebus.windows.net';
  Object.assign(process.env, {
    SERVICE_BUS_ENDPOINT: '',
    SERVICE_BUS__fullyQualifiedNamespace: host,
    IDENTITY_ENDPOINT: `${server.url}/identity`,
    IDENTITY_HEADER: 'secret',
  });
  redirectFetch([host], server);
  const expiresOn = Math.floor(Date.now() / 1_000) + 3_600;
  server.answer = ({ path }) =>
    path.startsWith('/identity')
      ? { body: { access_token: 'token', expires_on: String(expiresOn) } }
      : { status: 201 };
  load();
  await publish(event('1'));
  await publish(event('2'));

  expect(server.requests).toMatchObject([
    {
      ...{ method: 'GET', headers: { 'x-identity-header': 'secret' } },
      path: '/identity?resource=https%3A%2F%2Fservicebus.azure.net&api-version=2019-08-01',
    },
    { path: `/${host}/test-order-events/messages`, headers: { authorization: 'Bearer token' } },
    { path: `/${host}/test-order-events/messages`, headers: { authorization: 'Bearer token' } },
  ]);
});
