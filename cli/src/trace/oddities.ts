import type { StoredNotification, StoredOrder, StoredStory } from './stored-story.ts';

/** After so long, what one service has done should have reached the others. */
const PATIENCE_MS = 5 * 60_000;

/** The states of a reservation that fit that of its order. */
const fitting: Readonly<Record<StoredOrder['status'], readonly string[]>> = {
  // Its decision is on the way; an order that stays like this is told by its age.
  PLACED: ['RESERVED', 'REJECTED'],
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
  const stuck = status === 'PLACED' ? [describeStuck(placedAt, reservation?.status, now)] : [];
  const unfit =
    reservation === undefined ? status !== 'PLACED' : !fitting[status].includes(reservation.status);
  return [
    ...stuck,
    ...(unfit ? [describeUnfit(status, reservation?.status)] : []),
    ...untold(status, notifications),
    ...failed,
  ];
}

function describeStuck(placedAt: string, reservation: string | undefined, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(placedAt)) / 60_000);
  const cause =
    reservation === undefined
      ? 'inventory has not heard of it: replay order-events to its queue'
      : `inventory has decided (${reservation}), and orders has not heard of it: replay inventory-events to its queue`;
  return `PLACED for ${minutes} minutes; ${cause}.`;
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
    ? [`Notification ${kind} is PENDING after ${told.attempts} attempts.`]
    : [];
}

function describeFailed({ kind, reason }: StoredNotification): string {
  return `Notification ${kind} FAILED: ${reason ?? 'no reason is given'}. It is not tried again.`;
}
