import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { byType, OrderConfirmed, OrderPlaced, on, readEvent } from '@orderly/contracts';
import { getOrder, placeOrder, stockedProduct } from './api.ts';
import { eventually } from './eventually.ts';
import { createQueue, deleteQueue, drain, queueName, queueUrl, sendToQueue } from './queues.ts';

describe('a new subscriber', () => {
  it('gets typed events, in order, from the moment its queue exists, and only those its tag names', async () => {
    const sku = await stockedProduct(99);
    await placeOrder({ lines: [[sku, 1]] });
    const all = await createQueue(queueName('order-events--auditor.fifo'));
    const some = await createQueue(queueName('order-events--mailer'), { 'orderly:events': 'OrderConfirmed' });
    const known = byType([on(OrderPlaced, async () => {}), on(OrderConfirmed, async () => {})]);
    const received: { queue: string; subject: string; type: string; sequence: number }[] = [];

    // Subscriptions are looked up every second here; orders placed later than that must all arrive.
    const orders: string[] = [];
    const orderId = await eventually(async () => {
      orders.push((await placeOrder({ lines: [[sku, 1]] })).orderId);
      return eventually(async () => {
        for (const [queue, url] of Object.entries({ all, some })) {
          for (const { Body = '' } of await drain(url)) {
            const read = readEvent(Body, known);
            if (read.outcome !== 'event') throw new Error(`Not a known event: ${Body}`);
            const { subject, type, sequence } = read.event;
            received.push({ queue, subject, type, sequence });
          }
        }
        const queuesOf = (id: string) =>
          received.filter(({ subject }) => subject === id).map(({ queue }) => queue);
        const whole = orders.find((id) => isDeepStrictEqual(queuesOf(id).sort(), ['all', 'all', 'some']));
        if (whole === undefined) throw new Error(`None of ${orders} is whole: ${JSON.stringify(received)}`);
        return whole;
      }, 5_000);
    });

    const ours = (queue: string) =>
      received
        .filter((event) => event.subject === orderId && event.queue === queue)
        .map(({ type, sequence }) => [type, sequence]);
    expect(ours('all')).toEqual([
      [OrderPlaced.type, 1],
      [OrderConfirmed.type, 2],
    ]);
    expect(ours('some')).toEqual([[OrderConfirmed.type, 2]]);
    await deleteQueue(all);
    await deleteQueue(some);
  });
});

it('parks poison messages whole in the dead-letter queue, and holds nobody up', async () => {
  const sku = await stockedProduct(5);
  const inbox = await queueUrl(queueName('order-events--inventory.fifo'));
  const dlq = await queueUrl(queueName('dlq--order-events--inventory.fifo'));
  const poison = [
    'not json at all',
    '{"hello":"world"}',
    JSON.stringify({ specversion: '1.0', type: OrderPlaced.type, data: {} }),
  ];

  for (const body of poison) await sendToQueue(inbox, body, `poison-${randomUUID()}`);
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });

  await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
  const parked: (string | undefined)[] = [];
  await eventually(async () => {
    parked.push(...(await drain(dlq)).map(({ Body }) => Body));
    expect([...parked].sort()).toEqual([...poison].sort());
  });
});
