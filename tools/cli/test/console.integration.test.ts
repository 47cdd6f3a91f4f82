import type { About, OrderDetail, OrderPage, Pulse, QueueDetail, TableRow } from '@orderly/console/api';
import { freePort } from '@orderly/local/ports';
import { eventually } from '@orderly/support/eventually';
import { createProgram } from '../src/program.ts';
import { runInSession } from '../src/session.ts';
import { orderEvent, TestStage } from './stage.ts';
import { createTable } from './stage-tables.ts';

// A stage as AWS shows it: through the APIs alone. The endpoints are those of the tests' emulators.

const orderId = '3f0c1b9e-0000-4000-8000-000000000001';
const stage = new TestStage();
const stop = new AbortController();
let url: string;
let ended: Promise<unknown>;

const serve = async (...args: readonly string[]): Promise<string> => {
  const port = String(await freePort());
  const lines: string[] = [];
  const streams = { out: (text: string) => lines.push(text), err: () => undefined, interactive: false };
  const program = createProgram(streams, runInSession(streams, stop.signal));
  ended = program.parseAsync(['--stage', stage.name, 'console', '--port', port, ...args], { from: 'user' });
  await Promise.race([ended, eventually(() => expect(lines.join('')).toContain(port))]);
  return `http://127.0.0.1:${port}`;
};

beforeAll(async () => {
  await stage.createSubscription('order-events--inventory.fifo', 'OrderPlaced OrderCancelled');
  const { dead } = await stage.createSubscription('order-events--audit.fifo');
  await stage.send(dead, JSON.stringify(orderEvent(orderId)));
  await createTable(`${stage.name}-orders`, [
    {
      ...{ pk: `ORDER#${orderId}`, orderId, status: 'PLACED', version: 1, currency: 'EUR', total: 2500 },
      customer: { id: 'alice', email: 'alice@example.com' },
      lines: [{ sku: 'MUG', quantity: 2 }],
      placedAt: '2026-11-24T10:00:00.000Z',
    },
  ]);
  for (const service of ['inventory', 'notifications']) await createTable(`${stage.name}-${service}`, []);
  url = await serve();
});

afterAll(async () => {
  stop.abort();
  await ended;
});

const get = async <T>(path: string, base = url): Promise<T> =>
  (await (await fetch(`${base}${path}`)).json()) as T;

it('The console of a stage says what it can show, and what looking costs', async () => {
  const { mode, canChange, features, costNotice } = await get<About>('/api/about');

  expect({ mode, canChange }).toEqual({ mode: 'aws', canChange: false });
  // What the CLI does, and nothing that only the local platform can show.
  expect(features).toEqual(['replay', 'retry-notifications']);
  expect(costNotice).toContain('two cents an hour');
});

it('The console of a stage shows its queues, their dead letters and its tables', async () => {
  const { queues } = await get<Pulse>('/api/pulse');
  const name = `${stage.name}-dlq--order-events--audit.fifo`;

  expect(queues.find((queue) => queue.consumer === 'inventory')).toMatchObject({
    ...{ kind: 'subscription', ours: true, events: ['OrderPlaced', 'OrderCancelled'] },
  });
  expect(queues.find((queue) => queue.name === name)).toMatchObject({ kind: 'dead-letters', waiting: 1 });
  const { deadLetters, messages } = await get<QueueDetail>(`/api/queues/${name}`);
  expect(deadLetters).toMatchObject([{ subject: orderId, kind: 'subscription' }]);
  expect(messages).toBeUndefined();
  expect((await get<readonly TableRow[]>('/api/tables')).map((table) => table.name)).toContain(
    `${stage.name}-orders`,
  );
});

it('The console of a stage finds an order by its id, with no e-mail address in what it shows', async () => {
  const { orders } = await get<OrderPage>(`/api/orders?query=${orderId}`);
  expect(orders).toMatchObject([{ orderId, customerId: 'alice', status: 'PLACED' }]);
  const text = await (await fetch(`${url}/api/orders/${orderId}`)).text();
  const { order, deadLetters, items }: OrderDetail = JSON.parse(text);

  expect(order).toMatchObject({ orderId, total: 2500 });
  expect(deadLetters).toMatchObject([{ subject: orderId }]);
  expect(items.map(({ table }) => table)).toEqual([`${stage.name}-orders`]);
  expect(text).not.toContain('alice@example.com');
});

it('The console of a stage says how orders are found there', async () => {
  const { orders, note } = await get<OrderPage>('/api/orders?query=MUG%20%21');

  expect(orders).toEqual([]);
  expect(note).toContain('by their whole id');
});

it.each([
  ['/api/events', 409],
  ['/api/functions', 409],
  ['/api/orders/3f0c1b9e-0000-4000-8000-000000000009', 422],
])('What a stage cannot show at %s is refused with %d', async (path, status) => {
  expect((await fetch(`${url}${path}`)).status).toBe(status);
});

it('The console of a stage changes nothing unless --allow-changes', async () => {
  const redrive = async (base: string): Promise<Response> => {
    const html = await (await fetch(base)).text();
    const token = /name="orderly-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
    const body = JSON.stringify({ queue: `${stage.name}-dlq--order-events--audit.fifo` });
    return fetch(`${base}/api/dead-letters/redrive`, {
      method: 'POST',
      headers: { 'x-orderly-token': token },
      body,
    });
  };
  expect((await redrive(url)).status).toBe(403);

  expect(await (await redrive(await serve('--allow-changes'))).json()).toEqual({ moved: 1, unsent: [] });
});
