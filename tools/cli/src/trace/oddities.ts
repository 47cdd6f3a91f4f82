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

type Advice = (text: string) => string | undefined;

/** @param advice what to do about it; undefined where there is no command for it */
const finding = (text: string, advice: string | undefined): string =>
  advice === undefined ? text : `${text}: ${advice}`;

/**
 * Contradictions between the services; empty for a consistent order and for a young one.
 *
 * @param advises whether each names the command that helps: not where there is none
 */
export function odditiesOf(state: StoredState, now = new Date(), advises = true): readonly string[] {
  const advice = (text: string): string | undefined => (advises ? text : undefined);
  const { order, reservation, notifications } = state;
  const failed = notifications
    .filter(({ status }) => status === 'FAILED')
    .map(
      (each) => `${failureOf(each)}.${advises ? ' Fix the cause, then: orderly notifications retry.' : ''}`,
    );
  if (order === undefined) return ['The orders service does not know this order.', ...failed];
  const { status, placedAt, confirmedAt, rejectedAt, cancelledAt, shippedAt } = order;
  const since = shippedAt ?? cancelledAt ?? rejectedAt ?? confirmedAt ?? placedAt;
  if (now.getTime() - Date.parse(since) < PATIENCE_MS) return failed;
  if (status === 'PLACED')
    return [`${describeStuck(placedAt, reservation?.status, now, advice)}.`, ...failed];
  const fits = reservation !== undefined && fitting[status].includes(reservation.status);
  const unfit = fits ? [] : [`${describeUnfit(status, reservation?.status, advice)}.`];
  return [...unfit, ...missing(status, notifications), ...failed];
}

function describeStuck(placedAt: string, reservation: string | undefined, now: Date, advice: Advice): string {
  const minutes = Math.floor((now.getTime() - Date.parse(placedAt)) / 60_000);
  return `PLACED for ${plural(minutes, 'minute')}; ${whereStuck(reservation, advice)}`;
}

function whereStuck(reservation: string | undefined, advice: Advice): string {
  if (reservation === undefined)
    return finding('inventory has no reservation for it', advice('replay order-events to its queue'));
  if (reservation === 'RESERVED' || reservation === 'REJECTED') {
    const text = `inventory has decided (${reservation}), and orders has not received that`;
    return finding(text, advice('replay inventory-events to its queue'));
  }
  const text = `inventory has not finished with it (${reservation})`;
  return finding(text, advice('look for dead letters, or replay order-events to its queue'));
}

function describeUnfit(order: string, reservation: string | undefined, advice: Advice): string {
  const stock = reservation === undefined ? 'there is no reservation' : `its reservation is ${reservation}`;
  return finding(
    `The order is ${order} and ${stock}`,
    advice("replay order-events to inventory's queue, or look for dead letters"),
  );
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

function failureOf({ kind, reason }: StoredNotification): string {
  return `Notification ${kind} FAILED: ${reason ?? 'no reason is given'}`;
}
