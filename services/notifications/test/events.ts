import {
  type CloudEvent,
  type NotificationKind,
  OrderCancelled,
  OrderConfirmed,
  OrderRejected,
  OrderShipped,
} from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import type { OrderData } from '../src/domain/message.ts';

const at = '2026-01-31T13:00:00.000Z';

/** The event that a notification of this kind comes of. */
export function eventOf(kind: NotificationKind, { shortages = [], ...data }: OrderData): CloudEvent {
  const order = { ...data, lines: [...data.lines] };
  const events = {
    'order-confirmed': OrderConfirmed.of({ ...order, confirmedAt: at }),
    'order-rejected': OrderRejected.of({ ...order, rejectedAt: at, shortages: [...shortages] }),
    'order-cancelled': OrderCancelled.of({ ...order, cancelledAt: at }),
    'order-shipped': OrderShipped.of({ ...order, shippedAt: at }),
  };
  return seal(events[kind], { subject: order.orderId, sequence: 2 });
}
