import {
  type Channel,
  type CustomerId,
  type NewEvent,
  NotificationFailed,
  type NotificationKind,
  NotificationSent,
  type OrderId,
} from '@orderly/contracts';

/** PENDING -> SENT | FAILED, FAILED -> PENDING. Only the transitions below change it. */
export type NotificationStatus = 'PENDING' | 'SENT' | 'FAILED';

/** A message to a customer, one for each order and kind. The address is not kept: it came with the event. */
export interface Notification {
  readonly notificationId: string;
  readonly orderId: OrderId;
  /** Who may see it; absent in notifications from before it was kept. */
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
  /** The provider's id of the message. */
  readonly messageId?: string;
  readonly sentAt?: string;
  readonly failedAt?: string;
  readonly reason?: string;
  /** When `orderly notifications retry` last reopened it. */
  readonly reopenedAt?: string;
}

/** The notification after a change, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly notification: Notification;
  readonly events: readonly NewEvent[];
}

/** An attempt to make, nothing left to do, or another attempt at work. */
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

/** An operator has a failed notification sent again; its event has to be delivered again, too. */
export function reopen(failed: Notification, at: Date): Notification {
  const { reason, failedAt, ...notification } = failed;
  const now = at.toISOString();
  const version = failed.version + 1;
  return { ...notification, status: 'PENDING', version, attemptEndsAt: now, reopenedAt: now };
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

/** The attempt has failed, and the next one need not wait. */
export function giveBack(pending: Notification, at: Date): Change {
  const notification = { ...pending, version: pending.version + 1, attemptEndsAt: at.toISOString() };
  return { outcome: 'changed', notification, events: [] };
}
