import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Order } from '@orderly/client';
import { OrderCancelled } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';
import { getNotifications, orderBody, send, stockedProduct } from './api.ts';
import { functionLog, type LogLine, linesWithAddresses, logFile } from './function-log.ts';
import { queues } from './queues.ts';

interface StuckOrders {
  readonly count: number;
  readonly oldest: readonly string[];
  readonly oldestAge: number;
}

/** The lines that have this value under this key, once all of them are there. */
const linesBy = (key: string, value: unknown, count: number): Promise<readonly LogLine[]> =>
  eventually(() => {
    const lines = functionLog().filter((line) => line[key] === value && line.status !== 422);
    expect(lines).toHaveLength(count);
    return lines;
  });

/** What docs/observing.md says to run on the output of `npm start`. */
function observingCommands(ids: Readonly<Record<string, string>>): readonly string[] {
  const page = readFileSync(resolve(__dirname, '../../docs/observing.md'), 'utf8');
  const commands = [...page.matchAll(/```sh\n(grep .*)\n```/g)].map(([, command = '']) => command);
  expect(commands).toHaveLength(2);
  return commands.map((command) =>
    command.replace('platform.log', logFile).replace(/<(\w+)>/g, (_, name: string) => ids[name] ?? ''),
  );
}

it('an order is followed through the three services by one id, whichever is at hand', async () => {
  const sku = await stockedProduct(5);
  const [traceId, callersSpan] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const request = {
    traceparent: `00-${traceId}-${callersSpan}-01`,
    'x-correlation-id': `checkout-${randomUUID()}`,
    'idempotency-key': randomUUID(),
  };

  // Its product may not be known yet.
  const { orderId, requestId } = await eventually(async () => {
    const body = orderBody([[sku, 2]], 'seen');
    const answer = await send<Order>('orders', 'POST', '/orders', body, request);
    expect(answer.status).toBe(201);
    return { orderId: answer.body.orderId, requestId: answer.headers.get('x-request-id') };
  });
  await eventually(async () => expect(await getNotifications(orderId)).toMatchObject([{ status: 'SENT' }]));

  const expected = [
    ['orders', 'Order changed', 'PLACED'],
    ['inventory', 'Reservation changed', 'RESERVED'],
    ['orders', 'Order changed', 'CONFIRMED'],
    ['notifications', 'Notification', undefined],
    ['notifications', 'Notification changed', 'SENT'],
  ];
  const byTrace = await linesBy('trace_id', traceId, expected.length);
  const byCorrelation = await linesBy('correlation_id', request['x-correlation-id'], expected.length);
  const byOrder = await linesBy('order_id', orderId, expected.length);
  expect(byTrace.map(({ service, message, status }) => [service, message, status]).sort()).toEqual(
    [...expected].sort(),
  );
  expect([byCorrelation, byOrder]).toEqual([byTrace, byTrace]);
  const ids = { orderId, correlationId: request['x-correlation-id'] };
  for (const command of observingCommands(ids)) {
    expect(execFileSync('bash', ['-c', command], { encoding: 'utf8' })).toContain(
      '"message":"Order changed"',
    );
  }
  const placed = byTrace.find(({ status }) => status === 'PLACED');
  expect(placed).toMatchObject({
    function_request_id: requestId,
    function_name: expect.stringContaining('place-order'),
  });
  // A span for the request and for each of the three events; the caller's is none of ours.
  const spans = new Set(byTrace.map((line) => line.span_id));
  expect(spans.size).toBe(4);
  expect(spans).not.toContain(callersSpan);
});

it('the function of the schedule counts the orders that stay PLACED', async () => {
  const { ORDERLY_STAGE, ORDERLY_ORDERS_LAMBDA_PORT } = process.env;
  const name = `orders-${ORDERLY_STAGE}-count-stuck-orders`;

  const answer = await fetch(
    `http://127.0.0.1:${ORDERLY_ORDERS_LAMBDA_PORT}/2015-03-31/functions/${name}/invocations`,
    { method: 'POST', body: '{}' },
  );

  const { count, oldest, oldestAge } = (await answer.json()) as StuckOrders;
  expect(oldest).toHaveLength(Math.min(count, 10));
  expect(oldestAge).toBeGreaterThanOrEqual(count === 0 ? 0 : 300);
});

it('an e-mail address is masked in what a function logs', async () => {
  const orderId = randomUUID();
  const sample = sampleEvent(OrderCancelled);
  const event = {
    ...sample,
    id: randomUUID(),
    subject: orderId,
    correlationid: 'grace@example.com',
    data: { ...sample.data, orderId },
  };

  await queues.send(await queues.url('order-events--inventory.fifo'), JSON.stringify(event), orderId);

  const [line] = await linesBy('order_id', orderId, 1);
  expect(line).toMatchObject({
    message: 'Reservation changed',
    event_id: event.id,
    correlation_id: '***@***',
  });
});

it.each(['ada@example.com', '{"to":"<a.b+c@mail.example.co.uk>"}', 'GET /orders?to=ada%40example.com'])(
  'the search for addresses, which ends each run, finds %s',
  (text) => {
    expect(linesWithAddresses(['none', text])).toEqual([text]);
  },
);
