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
import { laterNotification, saveNotification } from '../adapters/notification-table.ts';
import type { OrderData } from '../domain/message.ts';
import { notifier } from '../domain/notifier.ts';

const notify = notifier({ ...openChannel(), save: saveNotification, lookAgain: laterNotification });
const metrics = { sent: 'NotificationsSent', failed: 'NotificationsFailed', repeated: 'DuplicatesAbsorbed' };

async function react(kind: NotificationKind, order: OrderData, { remainingMs }: Invocation): Promise<void> {
  // The customer was erased after this event had failed.
  if (order.customer.email === erasedEmail) return;
  const { outcome } = await notify(kind, order, remainingMs);
  count(metrics[outcome]);
  if (outcome !== 'repeated') log.info('Notification changed', { kind, status: outcome.toUpperCase() });
}

export const handler = consume(
  { logKeys: { order_id: 'orderId' } },
  on(OrderConfirmed, ({ data }, invocation) => react('order-confirmed', data, invocation)),
  on(OrderRejected, ({ data }, invocation) => react('order-rejected', data, invocation)),
  on(OrderCancelled, ({ data }, invocation) => react('order-cancelled', data, invocation)),
  on(OrderShipped, ({ data }, invocation) => react('order-shipped', data, invocation)),
);
