import { randomUUID } from 'node:crypto';
import type { Channel, NotificationKind } from '@orderly/contracts';
import { type Outlet, RefusedError } from './channel.ts';
import { message, type OrderData } from './message.ts';
import { begin, type Change, giveBack, markFailed, markSent, type Notification } from './notification.ts';

/** What the notifier needs. */
export interface Ports {
  readonly channel: Channel;
  readonly outlet: Outlet;
  /** Writes a change of `from` (the first one where it is `undefined`), unless somebody was faster. */
  save(change: Change, from: Notification | undefined): Promise<Saved>;
  /** The notification as it is a moment later. */
  lookAgain(at: Pick<Notification, 'orderId' | 'kind'>): Promise<Notification | undefined>;
}

export type Saved =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'refused'; readonly current: Notification | undefined };

/** `repeated`: another attempt has sent the message, or it was refused for good. */
export type NotifyResult = { readonly outcome: 'sent' | 'failed' | 'repeated' };

/** With less time left (ms), nobody waits for another attempt. */
const SPARE_MS = 2_000;

const busy = ({ kind, orderId }: Pick<Notification, 'kind' | 'orderId'>): Error =>
  new Error(`Another attempt at ${kind} of ${orderId} is at work`);

/**
 * Sends a customer each message about an order once: PENDING is written before the message is sent, SENT or FAILED after.
 * Only if SENT cannot be written is a second copy sent, with the same Message-ID, which SES replaces.
 *
 * When another attempt is at work, for instance because a batch was invoked twice, its end is waited for: what comes after
 * the message must not reach the customer before it.
 *
 * @returns a function of kind, order and the time (ms) that is left for the attempt; it throws when the message was not
 * sent but may be later
 */
export function notifier({ channel, outlet, save, lookAgain }: Ports) {
  async function beginAttempt(
    kind: NotificationKind,
    { orderId, customer }: OrderData,
    remainingMs: () => number,
  ): Promise<Notification | undefined> {
    let current: Notification | undefined;
    for (;;) {
      const attempt = { attemptId: randomUUID(), startsAt: new Date(), lastsMs: remainingMs() };
      const beginning = begin(current, { orderId, customerId: customer.id, kind, channel }, attempt);
      if (beginning.outcome === 'unchanged') return undefined;
      if (beginning.outcome === 'busy') {
        if (remainingMs() < SPARE_MS) throw busy({ kind, orderId });
        current = await lookAgain({ orderId, kind });
        continue;
      }
      const saved = await save(beginning, current);
      if (saved.outcome === 'written') return beginning.notification;
      current = saved.current;
    }
  }

  /** Also when another attempt has begun meanwhile: the message is sent, whatever becomes of that one. */
  async function markTaken(pending: Notification, messageId: string): Promise<NotifyResult> {
    for (let from = pending; ; ) {
      const saved = await save(markSent(from, messageId, new Date()), from);
      if (saved.outcome === 'written') return { outcome: 'sent' };
      if (saved.current?.status !== 'PENDING') return { outcome: 'repeated' };
      from = saved.current;
    }
  }

  async function markRefused(pending: Notification, reason: string): Promise<NotifyResult> {
    const saved = await save(markFailed(pending, reason, new Date()), pending);
    if (saved.outcome === 'written') return { outcome: 'failed' };
    // It may still be sent. If it is not, this delivery of the event is the one that comes again.
    if (saved.current?.status === 'PENDING') throw busy(pending);
    return { outcome: 'repeated' };
  }

  return async (
    kind: NotificationKind,
    order: OrderData,
    remainingMs: () => number,
  ): Promise<NotifyResult> => {
    const pending = await beginAttempt(kind, order, remainingMs);
    if (pending === undefined) return { outcome: 'repeated' };
    const messageId = `<${pending.notificationId}@orderly>`;
    let sentId: string;
    try {
      const envelope = { ...message(kind, order), to: order.customer.email, messageId };
      sentId = await outlet.send(envelope, remainingMs);
    } catch (error) {
      if (error instanceof RefusedError) return markRefused(pending, error.message);
      // If this fails as well, the attempt ends by itself; the first error is what matters.
      await save(giveBack(pending, new Date()), pending).catch(() => undefined);
      throw error;
    }
    return markTaken(pending, sentId);
  };
}
