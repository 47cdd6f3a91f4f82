import {
  type Channel,
  type CustomerId,
  type NewEvent,
  NotificationFailed,
  type NotificationKind,
  NotificationSent,
  type OrderId,
} from '@orderly/contracts';

/** PENDING -> SENT | FAILED. Only the verbs below move a notification, and `orderly notifications retry`: FAILED -> PENDING. */
export type NotificationStatus = 'PENDING' | 'SENT' | 'FAILED';

/**
 * That a customer was told something about an order; there is one for each order and kind. The address is not
 * kept: it came with the event.
 */
export interface Notification {
  readonly notificationId: string;
  readonly orderId: OrderId;
  /** Who may see it; absent in those that were written before it was kept. */
  readonly customerId?: CustomerId;
  readonly kind: NotificationKind;
  readonly channel: Channel;
  readonly status: NotificationStatus;
  readonly version: number;
  /** How often it was tried. */
  readonly attempts: number;
  readonly createdAt: string;
  /** The current attempt; no two have the same. */
  readonly attemptId: string;
  /** Until then the current attempt is at work and no other may begin. */
  readonly attemptEndsAt: string;
  /** What the provider calls the message. */
  readonly messageId?: string;
  readonly sentAt?: string;
  readonly failedAt?: string;
  readonly reason?: string;
  /** When an operator last had it tried again: `orderly notifications retry`. */
  readonly reopenedAt?: string;
}

/** The notification after a change, and what that change tells the world. */
export interface Change {
  readonly outcome: 'changed';
  readonly notification: Notification;
  readonly events: readonly NewEvent[];
}

/** What `begin` comes to: an attempt to make, nothing left to do, or another attempt at work. */
export type Beginning = Change | { readonly outcome: 'unchanged' } | { readonly outcome: 'busy' };

/**
 * Begins an attempt. What is SENT or FAILED is never tried again.
 *
 * @param attempt.attemptId new for every attempt
 * @param attempt.lastsMs how long it may take, in milliseconds
 */
export function begin(
  current: Notification | undefined,
  about: Pick<Notification, 'orderId' | 'customerId' | 'kind' | 'channel'>,
  attempt: { readonly attemptId: string; readonly startsAt: Date; readonly lastsMs: number },
): Beginning {
  const { attemptId, startsAt, lastsMs } = attempt;
  const now = startsAt.toISOString();
  const attemptEndsAt = new Date(startsAt.getTime() + lastsMs).toISOString();
  if (current === undefined) {
    const notification: Notification = {
      notificationId: `${about.orderId}.${about.kind}`,
      ...about,
      status: 'PENDING',
      version: 1,
      attempts: 1,
      createdAt: now,
      attemptId,
      attemptEndsAt,
    };
    return { outcome: 'changed', notification, events: [] };
  }
  if (current.status !== 'PENDING') return { outcome: 'unchanged' };
  if (current.attemptEndsAt > now) return { outcome: 'busy' };
  const { version, attempts } = current;
  const again = {
    ...current,
    channel: about.channel,
    version: version + 1,
    attempts: attempts + 1,
    attemptId,
    attemptEndsAt,
  };
  return { outcome: 'changed', notification: again, events: [] };
}

/** The provider has taken the message. */
export function markSent(pending: Notification, messageId: string, at: Date): Change {
  const sentAt = at.toISOString();
  const { notificationId, orderId, kind, channel, version } = pending;
  return {
    outcome: 'changed',
    notification: { ...pending, status: 'SENT', version: version + 1, messageId, sentAt },
    events: [NotificationSent.of({ notificationId, orderId, kind, channel, messageId, sentAt })],
  };
}

/** The provider has refused the message for good. */
export function markFailed(pending: Notification, reason: string, at: Date): Change {
  const failedAt = at.toISOString();
  const { notificationId, orderId, kind, channel, version } = pending;
  return {
    outcome: 'changed',
    notification: { ...pending, status: 'FAILED', version: version + 1, reason, failedAt },
    events: [NotificationFailed.of({ notificationId, orderId, kind, channel, reason, failedAt })],
  };
}

/** The attempt has come to nothing, but the next one may: it need not wait. */
export function giveBack(pending: Notification, at: Date): Change {
  const notification = { ...pending, version: pending.version + 1, attemptEndsAt: at.toISOString() };
  return { outcome: 'changed', notification, events: [] };
}
