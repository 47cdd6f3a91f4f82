import type { NotificationItem, OrderItem, ReservationItem } from '../evidence.ts';

/** The name of an event in findings: its type without `orderly.` and the version. */
export const nameOf = (type: string): string => type.replace(/^orderly\.|\.v\d+$/g, '');

/** The events that an order must have published, in this order. */
export function eventsOfOrder(order: OrderItem): readonly string[] {
  const transitions = [
    ['order.confirmed', order.confirmedAt],
    ['order.rejected', order.rejectedAt],
    ['order.cancelled', order.cancelledAt],
    ['order.shipped', order.shippedAt],
  ] as const;
  return ['order.placed', ...transitions.flatMap(([name, at]) => (at === undefined ? [] : [name]))];
}

const eventsByStatus: Readonly<Record<string, readonly string[]>> = {
  RESERVED: ['stock.reserved'],
  REJECTED: ['stock.rejected'],
  SHIPPED: ['stock.reserved', 'stock.shipped'],
};

/** A reservation that never stood publishes nothing: a mark that stops it from coming, or one undone half-way. */
export function eventsOfReservation({ status, version }: ReservationItem): readonly string[] {
  if (status === 'RELEASED') return version === 1 ? [] : ['stock.reserved', 'stock.released'];
  return eventsByStatus[status] ?? [];
}

export const eventsOfNotification = ({ status }: NotificationItem): readonly string[] =>
  status === 'SENT' ? ['notification.sent'] : status === 'FAILED' ? ['notification.failed'] : [];
