import {
  erasedEmail,
  type NotificationKind,
  OrderCancelled,
  OrderConfirmed,
  OrderRejected,
  OrderShipped,
  on,
} from '@orderly/contracts';
import { consume, type Invocation } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { openChannel } from '../adapters/configured-channel.ts';
import { saveNotification } from '../adapters/notification-table.ts';
import type { OrderData } from '../domain/message.ts';
import { notifier } from '../domain/notifier.ts';

const tell = notifier({ ...openChannel(), save: saveNotification });
const metrics = { SENT: 'NotificationsSent', FAILED: 'NotificationsFailed' };

async function notify(kind: NotificationKind, order: OrderData, { remainingMs }: Invocation): Promise<void> {
  // Their address was erased after this had failed; nobody is there to tell.
  if (order.customer.email === erasedEmail) return;
  const told = await tell(kind, order, remainingMs);
  if (told === 'REPEAT') return count('DuplicatesAbsorbed');
  count(metrics[told]);
  log.info('Notification changed', { kind, status: told });
}

export const handler = consume(
  { logKeys: { order_id: 'orderId' } },
  on(OrderConfirmed, ({ data }, invocation) => notify('order-confirmed', data, invocation)),
  on(OrderRejected, ({ data }, invocation) => notify('order-rejected', data, invocation)),
  on(OrderCancelled, ({ data }, invocation) => notify('order-cancelled', data, invocation)),
  on(OrderShipped, ({ data }, invocation) => notify('order-shipped', data, invocation)),
);
