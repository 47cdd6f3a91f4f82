import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { topics } from '@orderly/cli/replay/topic-source';
import { freePort } from '@orderly/local/ports';
import type {
  About,
  Actions,
  DeadLetter,
  ItemPage,
  OrderDetail,
  OrderPage,
  QueueDetail,
  QueueState,
  Topology,
} from '../src/api.ts';
import { Recorder } from '../src/history/recorder.ts';
import type { CloudDeadLetter, CloudItemsRequest, CloudPlatform, Platform } from '../src/platform.ts';
import { type Console, startConsole } from '../src/server.ts';

const stage = 'c';
const queue = `${stage}-order-events--inventory`;
const dead = `${stage}-dlq--order-events--inventory`;
const orderId = '3f0c1b9e-0000-4000-8000-000000000001';
const placedAt = '2026-11-24T10:00:00.000Z';
const event = {
  id: '01890000-0000-7000-8000-000000000001',
  type: 'orderly.order.placed.v1',
  source: 'orderly/orders',
  subject: orderId,
  sequence: 1,
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};
const order = {
  pk: `ORDER#${orderId}`,
  ...{ orderId, status: 'PLACED', version: 1, customer: { id: 'alice', email: 'alice@example.com' } },
  ...{ lines: [{ sku: 'MUG', quantity: 2 }], total: 2_500, currency: 'EUR', placedAt },
};

/** A cloud of one subscription, with dead letters in it. */
class TestCloud implements CloudPlatform {
  readonly name = 'Test';
  readonly asked: CloudItemsRequest[] = [];
  readonly redriven: string[] = [];
  letters: CloudDeadLetter[] = [];

  queues() {
    return [
      {
        ...{ name: queue, deadLetterQueue: dead, topic: 'order-events', consumer: 'inventory' },
        ...{ eventTypes: [event.type], maxReceiveCount: 5, deadLetters: this.letters.length },
        ...{ waiting: 1, inFlight: 1 },
      },
    ];
  }

  messages() {
    const message = { messageId: 'w', group: orderId, receives: 0, sentAt: 1_000, body: 'waits' } as const;
    return [
      { ...message, messageId: 'f', state: 'in-flight' as const },
      { ...message, state: 'waiting' as const },
    ];
  }

  async deadLetters() {
    return this.letters;
  }

  redrive({ messageId }: { readonly messageId: string }): boolean {
    this.redriven.push(messageId);
    return this.drop({ messageId });
  }

  drop({ messageId }: { readonly messageId: string }): boolean {
    const before = this.letters.length;
    this.letters = this.letters.filter((letter) => letter.messageId !== messageId);
    return this.letters.length < before;
  }

  async tables() {
    const indexes = [{ name: 'by-customer', key: ['customerId', 'placedAt'] }];
    return [{ name: `${stage}-orders`, items: 1, bytes: 100, key: ['pk'], indexes }];
  }

  async items(table: string, request: CloudItemsRequest) {
    this.asked.push(request);
    if (request.index === 'nowhere') return undefined;
    if (table !== `${stage}-orders`) return { items: [] };
    const next = request.after === undefined ? { next: { pk: order.pk, sk: '' } } : {};
    return request.after === undefined ? { items: [order], ...next } : { items: [] };
  }
}

const cloud = new TestCloud();
const recorder = new Recorder(stage, topics, (service, name) => `${service}/${name}`);
let page: Console;
let token: string;

beforeAll(async () => {
  const platform: Platform = {
    ...{ stage, canChange: true },
    target: { region: 'local', endpoints: {}, description: 'a test' },
    local: {
      ...{ recorder, cloud },
      services: () => [{ name: 'orders', url: 'http://127.0.0.1:9', state: 'running', functions: [] }],
      stopService: async () => undefined,
      startService: async () => undefined,
    },
  };
  page = await startConsole(platform, await freePort());
  const html = await (await fetch(page.url)).text();
  token = /name="orderly-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
});
afterAll(() => page.stop());
beforeEach(() => {
  const letter = { topic: 'order-events', consumer: 'inventory', failedAt: 2_000, receives: 5 };
  cloud.letters = [
    { ...letter, messageId: 'm1', body: JSON.stringify(event), reason: 'MaxDeliveryCountExceeded' },
    { ...letter, messageId: 'm2', body: '{"poison"', reason: 'MaxDeliveryCountExceeded' },
  ];
});

const get = async <T>(path: string): Promise<T> => (await (await fetch(`${page.url}${path}`)).json()) as T;
const post = (path: string, body: object) =>
  fetch(`${page.url}${path}`, {
    method: 'POST',
    headers: { 'x-orderly-token': token },
    body: JSON.stringify(body),
  });

it('The page learns what the platform of another cloud shows, and why it shows no faults', async () => {
  const { mode, libraries, features, absent } = await get<About>('/api/about');

  expect({ mode, libraries }).toEqual({ mode: 'local', libraries: 'Test' });
  expect(features).toEqual(
    expect.arrayContaining(['history', 'messages', 'services', 'place-orders', 'webhooks']),
  );
  expect(features.filter((each) => /faults|replay|retry|item-history|cold/.test(each))).toEqual([]);
  expect(absent.faults).toContain('Test');
});

it('Queues are the subscriptions of the broker, each with its dead letters', async () => {
  recorder.message({ what: 'sent', queue, messageId: 'w', body: 'waits', receiveCount: 0 });
  const [subscription, letters] = await get<readonly QueueState[]>('/api/queues');

  expect(subscription).toMatchObject({
    ...{ name: queue, kind: 'subscription', deadLetterQueue: dead, events: ['OrderPlaced'], ours: true },
    ...{ waiting: 1, inFlight: 1, maxReceiveCount: 5, sentLastMinute: 1 },
  });
  expect(letters).toMatchObject({ name: dead, kind: 'dead-letters', consumer: 'inventory', waiting: 2 });
  const { messages, deadLetters } = await get<QueueDetail>(`/api/queues/${queue}`);
  expect(messages?.map(({ messageId, state }) => [messageId, state])).toEqual([
    ['f', 'in-flight'],
    ['w', 'waiting'],
  ]);
  expect(deadLetters).toBeUndefined();
  const { topics: found, stuck } = await get<Topology>('/api/topology');
  expect(found).toContainEqual({ topic: 'order-events', publisher: 'orders', subscriptions: [queue] });
  expect(stuck).toEqual([]);
});

it('A dead letter has the reason of the broker, or the error that its consumer has logged', async () => {
  const error = { name: 'TypeError', message: 'no stock', stack: 'TypeError: no stock\n    at reserve' };
  const line = { level: 'ERROR', message: 'x', function_name: 'consume', event_id: event.id, error };
  recorder.line('inventory', JSON.stringify(line));
  const { deadLetters } = await get<QueueDetail>(`/api/queues/${dead}`);

  expect(deadLetters).toMatchObject([
    { type: 'OrderPlaced', subject: orderId, reason: 'TypeError: no stock', stack: error.stack },
    { body: '{"poison"', reason: expect.stringMatching(/Invalid JSON.*\(MaxDeliveryCountExceeded\)/) },
  ]);
  expect(recorder.logs.newestFirst()[0]).toMatchObject({ functionName: 'inventory/consume' });
});

it('One dead letter is redriven, or all; what is gone meanwhile is said', async () => {
  const redrive = async (body: object) =>
    (await (await post('/api/dead-letters/redrive', body)).json()) as Actions['redrive']['out'];

  expect(await redrive({ queue: dead, messageId: 'm2' })).toEqual({ moved: 1, unsent: [] });
  expect(await get<readonly DeadLetter[]>('/api/dead-letters')).toMatchObject([{ messageId: 'm1' }]);
  cloud.redrive = () => false;
  expect(await redrive({ queue: dead })).toMatchObject({ moved: 0, unsent: [{ messageId: 'm1' }] });
  expect(cloud.redriven).toEqual(['m2']);
  expect((await post('/api/dead-letters/redrive', { queue: 'nowhere' })).status).toBe(404);
});

it('A dead letter is dropped after a copy of it was saved', async () => {
  const answer = await post('/api/dead-letters/drop', { queue: dead, messageId: 'm2' });
  const { dropped, savedTo } = (await answer.json()) as Actions['drop']['out'];
  const copy = readFileSync(savedTo, 'utf8');
  await rm(savedTo);

  expect(dropped).toBe(1);
  expect(JSON.parse(copy)).toMatchObject({ queue: dead, messageId: 'm2', body: '{"poison"' });
  expect(await get<readonly DeadLetter[]>('/api/dead-letters')).toMatchObject([{ messageId: 'm1' }]);
});

it('Orders are read from the tables, with what the broker has told of their events', async () => {
  recorder.published(JSON.stringify(event));
  const { orders } = await get<OrderPage>('/api/orders?query=ali');
  const detail = await get<OrderDetail>(`/api/orders/${orderId}`);

  expect(orders).toMatchObject([{ orderId, status: 'PLACED', customerId: 'alice', deadLetters: 1 }]);
  expect(detail.moments).toMatchObject([{ what: 'PLACED', service: 'orders', at: Date.parse(placedAt) }]);
  expect(detail.events).toMatchObject([{ id: event.id, type: 'OrderPlaced', topic: 'order-events' }]);
  expect(detail.deadLetters).toMatchObject([{ messageId: 'm1' }]);
  // Nothing is advised that cannot be done here.
  expect(detail.odd).toEqual([
    expect.stringMatching(/^PLACED for \d+ minutes; inventory has no reservation for it\.$/),
  ]);
});

it('Items are read page by page, by the key or an index', async () => {
  const first = await get<ItemPage>(
    `/api/tables/${stage}-orders?index=by-customer&partition=alice&sort=2026`,
  );
  const second = await get<ItemPage>(`/api/tables/${stage}-orders?after=${first.after}`);

  expect(first.items).toEqual([{ table: `${stage}-orders`, key: { pk: order.pk }, item: order }]);
  expect(second).toEqual({ items: [] });
  expect(cloud.asked.slice(-2)).toEqual([
    { index: 'by-customer', partition: 'alice', sort: '2026', limit: 50 },
    { after: { pk: order.pk, sk: '' }, limit: 50 },
  ]);
});

it.each([
  ['GET', `/api/tables/${stage}-mail`, 404, 'Stage c has no table c-mail.'],
  ['GET', `/api/tables/${stage}-orders?index=nowhere`, 400, 'c-orders has no index nowhere.'],
  ['POST', `/api/orders/${orderId}/replay`, 409, 'Test publishes to all subscriptions of a topic'],
  ['POST', '/api/notifications/retry', 409, 'Notifications are retried on DynamoDB only.'],
  ['POST', '/api/faults', 409, 'Nothing can be made to fail here.'],
  ['POST', '/api/services/mail/stop', 404, 'There is no service mail.'],
  ['POST', '/api/services/orders/start', 409, 'orders is running already.'],
])('%s %s is refused with %i and a reason', async (method, path, status, detail) => {
  const answer = method === 'GET' ? await fetch(`${page.url}${path}`) : await post(path, {});

  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining(detail) });
});
