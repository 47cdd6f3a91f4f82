import { erasedEmail, NotificationKind, OrderPlaced } from '@orderly/contracts';
import { type Call, call, deliver, seal } from '../../../tests/platform/invoke.ts';
import { outboxOf, removeAttribute, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import type { Notification } from '../src/domain/notification.ts';
import { handler as consumeOrderEvents } from '../src/functions/consume-order-events.ts';
import { handler as listNotifications } from '../src/functions/list-notifications.ts';
import { anOrder, newOrderId } from './builders.ts';
import { eventOf } from './events.ts';

withResourcesOf('notifications');

const list = (query: Record<string, string>, caller?: Call['caller']) =>
  call<{ items: Notification[]; nextCursor?: string }>(listNotifications, {
    route: 'GET /notifications',
    query,
    caller,
  });
const key = (orderId: string, kind: NotificationKind) => ({ pk: `ORDER#${orderId}`, sk: kind });

it.each(NotificationKind.options)(
  '%s: the customer is told once, and that is told to the world',
  async (kind) => {
    const order = anOrder();
    const event = eventOf(kind, order);

    const failed = await deliver(consumeOrderEvents, event);

    const { orderId } = order;
    const { body } = await list({ orderId });
    expect(failed).toEqual([]);
    expect(body.items).toEqual([
      {
        notificationId: `${orderId}.${kind}`,
        orderId,
        kind,
        channel: 'log',
        status: 'SENT',
        attempts: 1,
        createdAt: expect.any(String),
        messageId: `<${orderId}.${kind}@orderly>`,
        sentAt: expect.any(String),
      },
    ]);
    expect(await outboxOf('test-notifications', key(orderId, kind))).toMatchObject([
      {
        type: 'orderly.notification.sent.v1',
        source: 'orderly/notifications',
        subject: `${orderId}.${kind}`,
        sequence: 2,
        correlationid: 'a-flow',
        causationid: event.id,
      },
    ]);
  },
);

it('an event that is delivered again, as itself or under a new id, tells nobody anything', async () => {
  const order = anOrder();
  const event = eventOf('order-shipped', order);
  await deliver(consumeOrderEvents, event);
  const before = await storedItem('test-notifications', key(order.orderId, 'order-shipped'));

  const failed = [
    await deliver(consumeOrderEvents, event, event),
    await deliver(consumeOrderEvents, eventOf('order-shipped', order)),
  ];

  expect(failed).toEqual([[], []]);
  expect(await storedItem('test-notifications', key(order.orderId, 'order-shipped'))).toEqual(before);
});

it('an event of a customer who was forgotten tells nobody anything', async () => {
  const order = anOrder();
  const forgotten = { ...order, customer: { ...order.customer, email: erasedEmail } };

  const failed = await deliver(consumeOrderEvents, eventOf('order-shipped', forgotten));

  expect(failed).toEqual([]);
  expect(await storedItem('test-notifications', key(order.orderId, 'order-shipped'))).toBeUndefined();
});

it('many deliveries at once: one sends, and the others are absorbed or given back', async () => {
  const order = anOrder();
  const event = eventOf('order-confirmed', order);

  await Promise.all(Array.from({ length: 10 }, () => deliver(consumeOrderEvents, event)));
  const failed = await deliver(consumeOrderEvents, event);

  expect(failed).toEqual([]);
  expect((await list({ orderId: order.orderId })).body.items).toMatchObject([
    { status: 'SENT', attempts: 1 },
  ]);
});

it('an order that is confirmed and then cancelled has two, page by page', async () => {
  const order = anOrder();
  const { orderId } = order;
  await deliver(consumeOrderEvents, eventOf('order-confirmed', order), eventOf('order-cancelled', order));

  const first = await list({ orderId, limit: '1' });
  const second = await list({ orderId, limit: '1', cursor: first.body.nextCursor ?? '' });

  const kinds = [first, second].map(({ body }) => body.items.map(({ kind }) => kind));
  expect(kinds.flat().sort()).toEqual(['order-cancelled', 'order-confirmed']);
  expect(kinds.map(({ length }) => length)).toEqual([1, 1]);
});

it('an order that nobody was told of has an empty page', async () => {
  expect(await list({ orderId: newOrderId() })).toMatchObject({ status: 200, body: { items: [] } });
});

it.each([
  ['no order', {}, '/query/orderId'],
  ['an order id that is none', { orderId: '1' }, '/query/orderId'],
  ['a limit of 0', { orderId: newOrderId(), limit: '0' }, '/query/limit'],
  ['a cursor that is forged', { orderId: newOrderId(), cursor: 'abc.def' }, '/query/cursor'],
])('GET /notifications is 400 for %s', async (_what, query, path) => {
  expect(await list(query)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
});

it('gives back what breaks its contract, and acknowledges what it does not follow', async () => {
  const order = anOrder();
  const { orderId } = order;
  const broken = { ...eventOf('order-confirmed', order), data: { orderId } };
  const { shortages, ...data } = anOrder();
  const placed = seal(OrderPlaced.of({ ...data, lines: [...data.lines] }), { subject: data.orderId });

  expect(await deliver(consumeOrderEvents, broken, placed)).toEqual([0]);
  expect((await list({ orderId })).body.items).toEqual([]);
});

describe('what a customer was told', () => {
  const scope = 'notifications:read';
  const admin = { sub: 'operator', scope: 'orders:admin' };
  const kindsSeen = async (orderId: string, caller: Call['caller']) =>
    (await list({ orderId }, caller)).body.items.map(({ kind }) => kind);

  it('is shown to that customer and to orders:admin; to others there is nothing, nor another page', async () => {
    const order = anOrder();
    const { orderId, customer } = order;
    await deliver(consumeOrderEvents, eventOf('order-confirmed', order), eventOf('order-cancelled', order));

    const told = ['order-cancelled', 'order-confirmed'];
    expect(await kindsSeen(orderId, { sub: customer.id, scope })).toEqual(told);
    expect(await kindsSeen(orderId, admin)).toEqual(told);
    const { body } = await list({ orderId, limit: '1' }, { sub: 'mallory', scope });
    expect(body).toEqual((await list({ orderId: newOrderId(), limit: '1' }, { sub: 'mallory', scope })).body);
  });

  it('and was written before the customer was kept is shown to orders:admin only', async () => {
    const order = anOrder();
    const { orderId, customer } = order;
    await deliver(consumeOrderEvents, eventOf('order-confirmed', order));
    await removeAttribute('test-notifications', key(orderId, 'order-confirmed'), 'customerId');

    expect(await kindsSeen(orderId, { sub: customer.id, scope })).toEqual([]);
    expect(await kindsSeen(orderId, admin)).toEqual(['order-confirmed']);
  });
});
