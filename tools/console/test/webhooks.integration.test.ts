import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemChance } from '@orderly/aws/chance';
import { systemClock } from '@orderly/aws/clock';
import { createDynamoDb } from '@orderly/aws/dynamodb/service';
import { topics } from '@orderly/cli/replay/topic-source';
import { ServiceApis } from '../src/actions/service-apis.ts';
import { WebhookActions } from '../src/actions/webhooks.ts';
import { FaultSwitch } from '../src/faults.ts';
import { Recorder } from '../src/history/recorder.ts';
import type { LocalPlatform } from '../src/platform.ts';
import { Webhooks } from '../src/views/webhooks.ts';

const endpointId = '0f3c1c8e-5a0b-4a57-9d1e-6f1d2b3c4d5e';
const eventIdOf = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const endpoint = {
  ...{ endpointId, url: 'https://hooks.example.com', events: ['OrderPlaced'], status: 'ENABLED', version: 1 },
  registeredAt: '2026-01-31T12:00:00.000Z',
};
const attempt = { at: '2026-01-31T12:00:01.000Z', durationMs: 41, status: 503, answer: 'Down' };
const statuses = ['PENDING', 'FAILED', 'DELIVERED'];
const deliveries = Array.from({ length: 120 }, (_, n) => ({
  ...{ deliveryId: `${endpointId}.${eventIdOf(n)}`, endpointId, eventId: eventIdOf(n), event: 'OrderPlaced' },
  ...{ status: statuses[n % 3], createdAt: '2026-01-31T12:00:00.000Z', attempts: n === 1 ? [attempt] : [] },
}));

/** Answers as the webhooks service does; the second delivery cannot be retried. */
const calls: string[] = [];
const service = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  calls.push(`${request.method} ${pathname}${searchParams.size > 0 ? `?${searchParams}` : ''}`);
  const answer = (status: number, body: object, type = 'application/json') =>
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  if (pathname === '/endpoints' && request.method === 'POST') {
    const errors = [{ path: '/body/url', message: 'it is private' }];
    answer(
      422,
      { title: 'Refused', status: 422, detail: 'See "errors"', errors },
      'application/problem+json',
    );
  } else if (pathname === '/endpoints') answer(200, { items: [endpoint] });
  else if (pathname === `/endpoints/${endpointId}`) answer(200, endpoint);
  else if (pathname.endsWith('/retry')) {
    const problem = { title: 'Not found', status: 404, detail: 'It is older than 30 days' };
    if (pathname.includes(eventIdOf(1))) answer(404, problem, 'application/problem+json');
    else answer(202, deliveries[0] ?? {});
  } else {
    const [from, limit] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('limit'))];
    const next = from + limit < deliveries.length ? { nextCursor: String(from + limit) } : {};
    answer(200, { items: deliveries.slice(from, from + limit), ...next });
  }
});

const recorder = new Recorder('c', topics);
const dynamodb = createDynamoDb({ clock: systemClock, chance: systemChance, region: 'eu-central-1' });
let url: string | undefined;
const local: LocalPlatform = {
  ...{ recorder, aws: { dynamodb } },
  faults: new FaultSwitch({ sqs: () => undefined, functions: () => [], setFunctionFaults: () => undefined }),
  services: () => [
    { name: 'orders', url: 'http://127.0.0.1:1', state: 'running', functions: [] },
    { name: 'webhooks', url, state: url === undefined ? 'stopped' : 'running', functions: [] },
  ],
  stopService: async () => undefined,
  startService: async () => undefined,
};
const apis = new ServiceApis(local);
const actions = new WebhookActions(apis);
const newViews = () => new Webhooks('c', local, apis);
const firstPage = { limit: 50, after: undefined };

beforeAll(async () => {
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
  dynamodb.close();
});
beforeEach(() => calls.splice(0));

/** As the service writes a delivery. */
const write = (tableName: string): void =>
  recorder.write({
    tableName,
    records: [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'ENDPOINT#e' }, sk: { S: 'x' } } } }],
  } as unknown as Parameters<Recorder['write']>[0]);

it('The list of endpoints counts their newest deliveries and has the last attempt', async () => {
  const { endpoints, tenant } = await newViews().list();

  expect(tenant).toBeUndefined();
  expect(endpoints).toMatchObject([
    {
      ...{ endpointId, status: 'ENABLED', registeredAt: Date.parse(endpoint.registeredAt) },
      recent: {
        ...{ deliveries: 100, more: true, waiting: 34, failed: 33 },
        lastAttempt: { ...attempt, at: Date.parse(attempt.at) },
      },
    },
  ]);
});

it('The deliveries of an endpoint are read page by page, up to the limit', async () => {
  const views = newViews();
  const { deliveries: some, next } = await views.one(endpointId, { limit: 110, after: undefined });
  const rest = await views.one(endpointId, { limit: 110, after: next });

  expect(some.map(({ deliveryId }) => deliveryId)).toEqual(
    deliveries.slice(0, 110).map(({ deliveryId }) => deliveryId),
  );
  expect(next).toBe('110');
  expect(rest.deliveries).toHaveLength(10);
  expect(rest.next).toBeUndefined();
});

it('A delivery names the order of its event, where this run has seen the event', async () => {
  const event = { id: eventIdOf(2), type: 'orderly.order.placed.v1', subject: 'order-2' };
  const change = {
    queue: 'c-order-events--webhooks.fifo',
    messageId: 'm',
    receiveCount: 0,
    attributes: new Map(),
  };
  recorder.message({ what: 'sent', ...change, body: JSON.stringify(event) });

  const { deliveries: shown } = await newViews().one(endpointId, firstPage);

  expect(shown.map(({ orderId }) => orderId).slice(0, 4)).toEqual([
    undefined,
    undefined,
    'order-2',
    undefined,
  ]);
});

it('The service is asked again only when its table was written to', async () => {
  const views = newViews();
  const ask = async () => [await views.list(), await views.one(endpointId, firstPage)];
  const [first, second] = [await ask(), await ask()];
  const asked = calls.length;
  write('c-orders');
  await ask();
  expect([calls.length, second]).toEqual([asked, first]);
  write('c-webhooks');
  await ask();
  expect(calls).toHaveLength(2 * asked);
});

it('A failure is not remembered, and a service that is not running is named', async () => {
  const views = newViews();
  const before = url;
  url = undefined;
  const refused = await views.list().catch((error: Error) => error.message);
  url = before;

  expect(refused).toBe('The service webhooks is not running.');
  expect((await views.list()).endpoints).toHaveLength(1);
});

it('Deliveries are retried one by one, and those that are refused are named', async () => {
  const deliveryIds = deliveries.slice(0, 12).map(({ deliveryId }) => deliveryId);

  const { retried, refused } = await actions.retry({ deliveryIds });

  expect(retried).toBe(11);
  expect(refused).toEqual([
    { deliveryId: deliveryIds[1], reason: expect.stringContaining('It is older than 30 days') },
  ]);
  expect(calls).toHaveLength(12);
});

it.each([
  [{ url: 'https://example.com' }, '/events'],
  [{ url: 'https://example.com', events: ['StockReserved'] }, '/events/0'],
])('The endpoint %j is refused by name before the service is asked', async (input, path) => {
  await expect(actions.register(input)).rejects.toThrow(path);
  expect(calls).toEqual([]);
});
