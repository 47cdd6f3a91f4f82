import { plural } from '../plural.ts';
import type { StoredNotification, StoredOrder, StoredStory } from './stored-story.ts';

/** After so long, what one service has done should have reached the others. */
const PATIENCE_MS = 5 * 60_000;

/** The states of a reservation that fit that of its order. */
const fitting: Readonly<Record<StoredOrder['status'], readonly string[]>> = {
  // Odd by its age alone.
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

/** What does not fit together, each with what to do about it; empty for an order that is well, or still young. */
export function odditiesOf(story: StoredStory, now = new Date()): readonly string[] {
  const { order, reservation, notifications } = story;
  const failed = notifications.filter(({ status }) => status === 'FAILED').map(describeFailed);
  if (order === undefined) return ['The orders service does not know this order.', ...failed];
  const { status, placedAt, confirmedAt, rejectedAt, cancelledAt, shippedAt } = order;
  const since = shippedAt ?? cancelledAt ?? rejectedAt ?? confirmedAt ?? placedAt;
  if (now.getTime() - Date.parse(since) < PATIENCE_MS) return failed;
  if (status === 'PLACED') return [describeStuck(placedAt, reservation?.status, now), ...failed];
  const fits = reservation !== undefined && fitting[status].includes(reservation.status);
  const unfit = fits ? [] : [describeUnfit(status, reservation?.status)];
  return [...unfit, ...untold(status, notifications), ...failed];
}

function describeStuck(placedAt: string, reservation: string | undefined, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(placedAt)) / 60_000);
  return `PLACED for ${plural(minutes, 'minute')}; ${whereStuck(reservation)}.`;
}

function whereStuck(reservation: string | undefined): string {
  if (reservation === undefined) return 'inventory has not heard of it: replay order-events to its queue';
  if (reservation === 'RESERVED' || reservation === 'REJECTED') {
    return `inventory has decided (${reservation}), and orders has not heard of it: replay inventory-events to its queue`;
  }
  return `inventory has not finished with it (${reservation}): look for dead letters, or replay order-events to its queue`;
}

function describeUnfit(order: string, reservation: string | undefined): string {
  const stock = reservation === undefined ? 'there is no reservation' : `its reservation is ${reservation}`;
  return `The order is ${order} and ${stock}: replay order-events to inventory's queue, or look for dead letters.`;
}

function untold(
  status: StoredOrder['status'],
  notifications: readonly StoredNotification[],
): readonly string[] {
  const kind = notificationOf[status];
  if (kind === undefined) return [];
  const told = notifications.find((notification) => notification.kind === kind);
  if (told === undefined) return [`The customer was not told: there is no notification ${kind}.`];
  return told.status === 'PENDING'
    ? [`Notification ${kind} is PENDING after ${plural(told.attempts, 'attempt')}.`]
    : [];
}

function describeFailed({ kind, reason }: StoredNotification): string {
  return `Notification ${kind} FAILED: ${reason ?? 'no reason is given'}. Mend the cause, then: orderly notifications retry.`;
}
