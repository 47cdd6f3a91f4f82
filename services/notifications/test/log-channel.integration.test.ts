import { erasedEmail, NotificationKind } from '@orderly/contracts';
import { type Call, call, deliver } from '../../../tests/platform/invoke.ts';
import { outboxOf, removeAttribute, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import type { Notification } from '../src/domain/notification.ts';
import { handler as consumeOrderEvents } from '../src/functions/consume-order-events.ts';
import { handler as listNotifications } from '../src/functions/list-notifications.ts';
import { anOrder, eventOf, orderId as newOrderId } from './builders.ts';

withResourcesOf('notifications');

const list = (query: Record<string, string>, caller?: Call['caller']) =>
  call<{ items: Notification[]; nextCursor?: string }>(listNotifications, {
    route: 'GET /notifications',
    query,
    caller,
  });
const key = (orderId: string, kind: NotificationKind) => ({ pk: `ORDER#${orderId}`, sk: kind });

it.each(NotificationKind.options)('%s is sent to the customer once, and published', async (kind) => {
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
});

it('a redelivered event, also under a new id, sends nothing', async () => {
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

it('an event of an erased customer sends nothing', async () => {
  const order = anOrder();
  const erased = { ...order, customer: { ...order.customer, email: erasedEmail } };

  const failed = await deliver(consumeOrderEvents, eventOf('order-shipped', erased));

  expect(failed).toEqual([]);
  expect(await storedItem('test-notifications', key(order.orderId, 'order-shipped'))).toBeUndefined();
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

describe('a notification', () => {
  const scope = 'notifications:read';
  const admin = { sub: 'operator', scope: 'orders:admin' };
  const kindsSeen = async (orderId: string, caller: Call['caller']) =>
    (await list({ orderId }, caller)).body.items.map(({ kind }) => kind);

  it('is shown to its customer and to orders:admin; for others there is none, and no further page', async () => {
    const order = anOrder();
    const { orderId, customer } = order;
    await deliver(consumeOrderEvents, eventOf('order-confirmed', order), eventOf('order-cancelled', order));

    const kinds = ['order-cancelled', 'order-confirmed'];
    expect(await kindsSeen(orderId, { sub: customer.id, scope })).toEqual(kinds);
    expect(await kindsSeen(orderId, admin)).toEqual(kinds);
    const { body } = await list({ orderId, limit: '1' }, { sub: 'mallory', scope });
    expect(body).toEqual((await list({ orderId: newOrderId(), limit: '1' }, { sub: 'mallory', scope })).body);
  });

  it('from before the customer was kept is shown to orders:admin only', async () => {
    const order = anOrder();
    const { orderId, customer } = order;
    await deliver(consumeOrderEvents, eventOf('order-confirmed', order));
    await removeAttribute('test-notifications', key(orderId, 'order-confirmed'), 'customerId');

    expect(await kindsSeen(orderId, { sub: customer.id, scope })).toEqual([]);
    expect(await kindsSeen(orderId, admin)).toEqual(['order-confirmed']);
  });
});
