import { isDeepStrictEqual } from 'node:util';
import { byType, OrderConfirmed, OrderPlaced, on, readEvent } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, reaches, stockedProduct } from './api.ts';
import { type Broker, connectBroker, type TopicSubscription } from './subscriber.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await connectBroker();
});
afterAll(() => broker.close());

describe('a new subscriber', () => {
  it('gets typed events, in order, from the moment its subscription exists, and only those it names', async () => {
    const sku = await stockedProduct(99);
    await placeOrder({ lines: [[sku, 1]] });
    const topic = 'order-events';
    const all = await broker.subscribe({ topic, subscriber: 'auditor', isOrdered: true });
    const types = [OrderConfirmed.type];
    const some = await broker.subscribe({ topic, subscriber: 'mailer', isOrdered: false, types });
    const known = byType([on(OrderPlaced, async () => {}), on(OrderConfirmed, async () => {})]);
    const received: { by: string; subject: string; type: string; sequence: number }[] = [];
    const receive = async (by: string, subscription: TopicSubscription) => {
      for (const body of await subscription.receive()) {
        const read = readEvent(body, known);
        if (read.outcome !== 'event') throw new Error(`Not a known event: ${body}`);
        const { subject, type, sequence } = read.event;
        received.push({ by, subject, type, sequence });
      }
    };

    // On AWS subscriptions are looked up every second here; orders placed later than that must all arrive.
    const orders: string[] = [];
    const orderId = await eventually(async () => {
      orders.push((await placeOrder({ lines: [[sku, 1]] })).orderId);
      return eventually(async () => {
        await Promise.all([receive('all', all), receive('some', some)]);
        const receiversOf = (id: string) =>
          received.filter(({ subject }) => subject === id).map(({ by }) => by);
        const whole = orders.find((id) => isDeepStrictEqual(receiversOf(id).sort(), ['all', 'all', 'some']));
        if (whole === undefined) throw new Error(`None of ${orders} is whole: ${JSON.stringify(received)}`);
        return whole;
      }, 5_000);
    });

    const ours = (by: string) =>
      received
        .filter((event) => event.subject === orderId && event.by === by)
        .map(({ type, sequence }) => [type, sequence]);
    expect(ours('all')).toEqual([
      [OrderPlaced.type, 1],
      [OrderConfirmed.type, 2],
    ]);
    expect(ours('some')).toEqual([[OrderConfirmed.type, 2]]);
    await all.close();
    await some.close();
  });
});

let restore: (() => Promise<void>) | undefined;
afterEach(async () => {
  await restore?.();
  restore = undefined;
});

it('poison messages end whole among the dead letters, and hold up no other message', async () => {
  const sku = await stockedProduct(5);
  const poison = [
    'not json at all',
    '{"hello":"world"}',
    JSON.stringify({ specversion: '1.0', type: OrderPlaced.type, data: {} }),
  ];

  restore = await broker.giveUpSoon?.('order-events', 'inventory');
  for (const body of poison) await broker.send('order-events', 'inventory', { type: OrderPlaced.type, body });
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });

  await reaches(orderId, 'CONFIRMED');
  const deadLetters: string[] = [];
  await eventually(async () => {
    deadLetters.push(...(await broker.takeDeadLetters('order-events', 'inventory')));
    expect([...deadLetters].sort()).toEqual([...poison].sort());
  });
});
