import { plural } from '../plural.ts';
import type { StoredNotification, StoredOrder, StoredState } from './stored-state.ts';

/** By then, the events of one service should have reached the others. */
const PATIENCE_MS = 5 * 60_000;

/** The states of a reservation that fit that of its order. */
const fitting: Readonly<Record<StoredOrder['status'], readonly string[]>> = {
  // Only its age can be odd.
  PLACED: [],
  CONFIRMED: ['RESERVED'],
  REJECTED: ['REJECTED'],
  CANCELLED: ['RELEASED', 'REJECTED'],
  SHIPPED: ['SHIPPED'],
};

const notificationOf: Readonly<Partial<Record<StoredOrder['status'], string>>> = {
  CONFIRMED: 'order-confirmed',
  REJECTED: 'order-rejected',
  CANCELLED: 'order-cancelled',
  SHIPPED: 'order-shipped',
};

/** Contradictions between the services, each with advice; empty for a consistent order and for a young one. */
export function odditiesOf(state: StoredState, now = new Date()): readonly string[] {
  const { order, reservation, notifications } = state;
  const failed = notifications.filter(({ status }) => status === 'FAILED').map(describeFailed);
  if (order === undefined) return ['The orders service does not know this order.', ...failed];
  const { status, placedAt, confirmedAt, rejectedAt, cancelledAt, shippedAt } = order;
  const since = shippedAt ?? cancelledAt ?? rejectedAt ?? confirmedAt ?? placedAt;
  if (now.getTime() - Date.parse(since) < PATIENCE_MS) return failed;
  if (status === 'PLACED') return [describeStuck(placedAt, reservation?.status, now), ...failed];
  const fits = reservation !== undefined && fitting[status].includes(reservation.status);
  const unfit = fits ? [] : [describeUnfit(status, reservation?.status)];
  return [...unfit, ...missing(status, notifications), ...failed];
}

function describeStuck(placedAt: string, reservation: string | undefined, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(placedAt)) / 60_000);
  return `PLACED for ${plural(minutes, 'minute')}; ${whereStuck(reservation)}.`;
}

function whereStuck(reservation: string | undefined): string {
  if (reservation === undefined)
    return 'inventory has no reservation for it: replay order-events to its queue';
  if (reservation === 'RESERVED' || reservation === 'REJECTED') {
    return `inventory has decided (${reservation}), and orders has not received that: replay inventory-events to its queue`;
  }
  return `inventory has not finished with it (${reservation}): look for dead letters, or replay order-events to its queue`;
}

function describeUnfit(order: string, reservation: string | undefined): string {
  const stock = reservation === undefined ? 'there is no reservation' : `its reservation is ${reservation}`;
  return `The order is ${order} and ${stock}: replay order-events to inventory's queue, or look for dead letters.`;
}

function missing(
  status: StoredOrder['status'],
  notifications: readonly StoredNotification[],
): readonly string[] {
  const kind = notificationOf[status];
  if (kind === undefined) return [];
  const notification = notifications.find((each) => each.kind === kind);
  if (notification === undefined) return [`The customer got no message: there is no notification ${kind}.`];
  return notification.status === 'PENDING'
    ? [`Notification ${kind} is PENDING after ${plural(notification.attempts, 'attempt')}.`]
    : [];
}

function describeFailed({ kind, reason }: StoredNotification): string {
  return `Notification ${kind} FAILED: ${reason ?? 'no reason is given'}. Fix the cause, then: orderly notifications retry.`;
}
