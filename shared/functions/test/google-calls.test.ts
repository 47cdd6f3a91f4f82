/** @jest-environment-options {"customExportConditions": ["google", "node", "node-addons"]} */
import type * as PublishOutbox from '../src/messaging/publish-outbox.ts';
import type * as Tasks from '../src/messaging/tasks.ts';
import { isTransient } from '../src/portable/errors.ts';
import { loadAnew } from './collected-output.ts';
import { localServer, redirectFetch } from './local-server.ts';
import { mockExpiryModule, mockPublishModule, publish } from './recorded-publisher.ts';

jest.mock('../src/postgres/publish.ts', () => mockPublishModule);
jest.mock('../src/postgres/expiry.ts', () => mockExpiryModule);

const server = localServer();
const unchanged = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, {
    GOOGLE_CLOUD_PROJECT: 'orderly-1',
    PUBSUB_ENDPOINT: server.url,
    CLOUD_TASKS_ENDPOINT: server.url,
    TASKS_PARENT: 'projects/orderly-1/locations/europe-west3',
    TASKS_TARGET_URL: 'https://deliver.example.com',
    TOKEN_AUDIENCE: 'https://orderly.example.com',
    TASKS_SERVICE_ACCOUNT: 'tasks@orderly-1.iam.gserviceaccount.com',
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...unchanged };
});

const load = () => {
  const { publishOutbox } = loadAnew<typeof PublishOutbox>(() =>
    require('../src/messaging/publish-outbox.ts'),
  );
  publishOutbox({ topic: 'order-events' } as Parameters<typeof publishOutbox>[0]);
};
const taskQueue = (name: string) =>
  loadAnew<typeof Tasks>(() => require('../src/messaging/tasks.ts')).taskQueue(name);
const event = (id: string, body = '{}') => ({ id, type: 'orderly.order.placed.v1', subject: 'A', body });
const sent = () => server.requests.map(({ body }) => JSON.parse(body));
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the publisher', () => {
  beforeEach(load);

  it('sends the events of an aggregate with its ordering key, byte for byte, without a token locally', async () => {
    await publish(event('1', '{"name":"\u00fc"}'), event('2'));

    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/v1/projects/orderly-1/topics/test-order-events:publish' },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    const attributes = { id: '1', type: 'orderly.order.placed.v1' };
    expect(sent()).toEqual([
      {
        messages: [
          { data: base64('{"name":"\u00fc"}'), orderingKey: 'A', attributes },
          { data: base64('{}'), orderingKey: 'A', attributes: { ...attributes, id: '2' } },
        ],
      },
    ]);
  });

  it('sends batches in order, each below the limit of a request', async () => {
    const events = Array.from({ length: 30 }, (_, at) => event(String(at), 'x'.repeat(600_000)));

    await publish(...events);

    const ids = sent().flatMap(({ messages }) =>
      messages.map((one: { attributes: { id: string } }) => one.attributes.id),
    );
    expect(ids).toEqual(events.map(({ id }) => id));
    expect(server.requests).toHaveLength(3);
    for (const { body } of server.requests) expect(body.length).toBeLessThan(10_000_000);
  });

  it('names an event that is refused for good', async () => {
    server.answer = ({ body }) => ({ status: body.includes(base64('refused')) ? 400 : 200 });

    await expect(publish(event('1'), event('2', 'refused'), event('3'))).rejects.toMatchObject({
      ...{ name: 'RefusedEventError', eventId: '2' },
      cause: { status: 400 },
    });
  });

  it.each([
    [403, false],
    [404, false],
    [429, true],
    [503, true],
  ])('keeps events while the answer is %d', async (status, transient) => {
    server.answer = () => ({ status });

    const error = await publish(event('1'), event('2')).catch((error: unknown) => error);

    expect(error).toMatchObject({ name: 'ServiceError', status });
    expect(isTransient(error)).toBe(transient);
  });
});

describe('a queue of tasks', () => {
  const target = {
    ...{ url: 'https://deliver.example.com', httpMethod: 'POST', body: base64('{"id":1}') },
    headers: { 'content-type': 'application/json' },
    oidcToken: {
      serviceAccountEmail: 'tasks@orderly-1.iam.gserviceaccount.com',
      audience: 'https://orderly.example.com',
    },
  };

  it('takes a task for now, which is posted with a token of the service account', async () => {
    await taskQueue('test-webhooks--deliveries').send('{"id":1}', { delaySeconds: 0, group: 'A' });

    expect(server.requests[0]?.path).toBe(
      '/v2/projects/orderly-1/locations/europe-west3/queues/test-webhooks--deliveries/tasks',
    );
    expect(sent()).toEqual([{ task: { httpRequest: target } }]);
  });

  it('takes a task for later', async () => {
    const queue = taskQueue('tasks');
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 31, 12));

    await queue.send('{"id":1}', { delaySeconds: 900, group: 'A' });

    expect(sent()).toEqual([{ task: { scheduleTime: '2026-01-31T12:15:00.000Z', httpRequest: target } }]);
  });
});

it('on the cloud, services are called with a token of the service account, which is asked for once', async () => {
  const hosts = ['metadata.google.internal', 'pubsub.googleapis.com'];
  process.env.PUBSUB_ENDPOINT = '';
  redirectFetch(hosts, server);
  server.answer = ({ path }) =>
    path.startsWith(`/${hosts[0]}`) ? { body: { access_token: 'token', expires_in: 3_599 } } : {};
  load();
  await publish(event('1'));
  await publish(event('2'));

  const published = {
    path: `/${hosts[1]}/v1/projects/orderly-1/topics/test-order-events:publish`,
    headers: { authorization: 'Bearer token' },
  };
  expect(server.requests).toMatchObject([{ method: 'GET' }, published, published]);
});
