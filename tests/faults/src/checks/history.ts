import type { NotificationItem, OrderItem, ReservationItem } from '../evidence.ts';

/** The name of an event in findings: its type without `orderly.` and the version. */
export const nameOf = (type: string): string => type.replace(/^orderly\.|\.v\d+$/g, '');

/** What an order must have told, in this order. */
export function toldByOrder(order: OrderItem): readonly string[] {
  const moves = [
    ['order.confirmed', order.confirmedAt],
    ['order.rejected', order.rejectedAt],
    ['order.cancelled', order.cancelledAt],
    ['order.shipped', order.shippedAt],
  ] as const;
  return ['order.placed', ...moves.filter(([, at]) => at !== undefined).map(([name]) => name)];
}

const toldBeforeRelease: Readonly<Record<string, readonly string[]>> = {
  RESERVED: ['stock.reserved'],
  REJECTED: ['stock.rejected'],
  SHIPPED: ['stock.reserved', 'stock.shipped'],
};

/** Nothing was told of a reservation that never stood: a mark that stops it from coming, or one undone half-way. */
export function toldByReservation({ status, version }: ReservationItem): readonly string[] {
  if (status === 'RELEASED') return version === 1 ? [] : ['stock.reserved', 'stock.released'];
  return toldBeforeRelease[status] ?? [];
}

/** What a notification must have told. */
export const toldByNotification = ({ status }: NotificationItem): readonly string[] =>
  status === 'SENT' ? ['notification.sent'] : status === 'FAILED' ? ['notification.failed'] : [];
