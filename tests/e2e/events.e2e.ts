import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { byType, OrderConfirmed, OrderPlaced, on, readEvent } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, reaches, stockedProduct } from './api.ts';
import { queues } from './queues.ts';

describe('a new subscriber', () => {
  it('gets typed events, in order, from the moment its queue exists, and only those its tag names', async () => {
    const sku = await stockedProduct(99);
    await placeOrder({ lines: [[sku, 1]] });
    const all = await queues.create('order-events--auditor.fifo');
    const some = await queues.create('order-events--mailer', ['OrderConfirmed']);
    const known = byType([on(OrderPlaced, async () => {}), on(OrderConfirmed, async () => {})]);
    const received: { queue: string; subject: string; type: string; sequence: number }[] = [];

    // Subscriptions are looked up every second here; orders placed later than that must all arrive.
    const orders: string[] = [];
    const orderId = await eventually(async () => {
      orders.push((await placeOrder({ lines: [[sku, 1]] })).orderId);
      return eventually(async () => {
        for (const [queue, url] of Object.entries({ all, some })) {
          for (const { Body = '' } of await queues.drain(url)) {
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
    await queues.delete(all);
    await queues.delete(some);
  });
});

it('poison messages end whole in the dead-letter queue, and hold up no other message', async () => {
  const sku = await stockedProduct(5);
  const inbox = await queues.url('order-events--inventory.fifo');
  const dlq = await queues.url('dlq--order-events--inventory.fifo');
  const poison = [
    'not json at all',
    '{"hello":"world"}',
    JSON.stringify({ specversion: '1.0', type: OrderPlaced.type, data: {} }),
  ];

  for (const body of poison) await queues.send(inbox, body, `poison-${randomUUID()}`);
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });

  await reaches(orderId, 'CONFIRMED');
  const deadLetters: (string | undefined)[] = [];
  await eventually(async () => {
    deadLetters.push(...(await queues.drain(dlq)).map(({ Body }) => Body));
    expect([...deadLetters].sort()).toEqual([...poison].sort());
  });
});
