import { randomUUID } from 'node:crypto';
import { type CloudEvent, erasedEmail, OrderConfirmed, OrderShipped } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import type { RetriedNotification } from '../src/notifications/retry.ts';
import { outboxOf } from './outbox.ts';
import { TestStage } from './stage.ts';
import { createTable, itemsOf } from './stage-tables.ts';

const confirmed = (): CloudEvent => sampleEvent(OrderConfirmed, { id: randomUUID(), subject: randomUUID() });
const orderItem = (event: CloudEvent, email = 'ann@example.com') => ({
  pk: `ORDER#${event.subject}`,
  customer: { id: 'ann', email },
  outbox: outboxOf(event),
});
const failedItem = (orderId: string, more: object = {}) => ({
  pk: `ORDER#${orderId}`,
  sk: 'order-confirmed',
  notificationId: `${orderId}.order-confirmed`,
  orderId,
  kind: 'order-confirmed',
  channel: 'ses',
  status: 'FAILED',
  version: 2,
  attempts: 1,
  reason: 'mailbox unknown',
  failedAt: '2026-11-24T10:00:00.000Z',
  outbox: { subject: orderId, sequence: 2, events: [] },
  ...more,
});

/** A stage with these orders and notifications, and the queue of the notifications service. */
async function stageWith(orders: readonly object[], notifications: readonly object[]) {
  const stage = new TestStage();
  await createTable(`${stage.name}-orders`, orders as Record<string, unknown>[]);
  await createTable(`${stage.name}-notifications`, notifications as Record<string, unknown>[]);
  const queue = await stage.createQueue('order-events--notifications.fifo');
  const stored = () => itemsOf(`${stage.name}-notifications`);
  return { stage, queue, stored };
}

it('a failed notification is PENDING again, publishes nothing, and its event is in the queue', async () => {
  const event = confirmed();
  const { stage, queue, stored } = await stageWith([orderItem(event)], [failedItem(event.subject)]);

  const retried = await stage.json<RetriedNotification[]>('notifications', 'retry', '--yes');

  const notificationId = `${event.subject}.order-confirmed`;
  expect(retried).toEqual([{ notificationId, outcome: 'retried', reason: 'mailbox unknown' }]);
  const [notification] = await stored();
  expect(notification).toMatchObject({ status: 'PENDING', version: 3, attempts: 1 });
  expect(Object.keys(notification ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(outbox|reason|failedAt)$/)]),
  );
  const [message] = await stage.drain(queue);
  expect(JSON.parse(message?.Body ?? '')).toEqual({ ...event, orderlyreplay: true });
});

it('one that was reopened by a retry that ended there is retried, too', async () => {
  const event = confirmed();
  const reopened = failedItem(event.subject, { status: 'PENDING', reopenedAt: '2026-11-24T10:00:00.000Z' });
  const { stage, queue } = await stageWith([orderItem(event)], [reopened]);

  await stage.json('notifications', 'retry', '--order', event.subject, '--yes');

  expect(await stage.messagesIn(queue)).toBe(1);
});

it('what is out of date, about an erased customer, sent or on its way stays as it is', async () => {
  const [moved, erased, sent, pending] = [confirmed(), confirmed(), confirmed(), confirmed()];
  const shipped = sampleEvent(OrderShipped, { id: randomUUID(), subject: moved.subject, sequence: 3 });
  const items = [
    failedItem(moved.subject),
    failedItem(erased.subject),
    failedItem(sent.subject, { status: 'SENT' }),
    failedItem(pending.subject, { status: 'PENDING' }),
  ];
  const { stage, queue, stored } = await stageWith(
    [orderItem(shipped), orderItem(erased, erasedEmail), orderItem(sent), orderItem(pending)],
    items,
  );

  const retried = await stage.json<RetriedNotification[]>('notifications', 'retry', '--yes');

  expect(retried.map(({ outcome }) => outcome).sort()).toEqual(['erased', 'outdated']);
  expect(await stored()).toEqual(expect.arrayContaining(items));
  expect(await stage.messagesIn(queue)).toBe(0);
});

it('--dry-run lists what has failed and why, and changes nothing', async () => {
  const event = confirmed();
  const item = failedItem(event.subject);
  const { stage, queue, stored } = await stageWith([orderItem(event)], [item]);

  const { code, out } = await stage.orderly('notifications', 'retry', '--dry-run');

  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/order-confirmed +would be retried +mailbox unknown/),
  ]);
  expect([await stored(), await stage.messagesIn(queue)]).toEqual([[item], 0]);
});

it('asks for --yes where nobody can be asked', async () => {
  const { code, err } = await new TestStage().orderly('notifications', 'retry');

  expect([code, err]).toEqual([2, expect.stringContaining('add --yes')]);
});
