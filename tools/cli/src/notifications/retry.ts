import { erasedEmail, parse } from '@orderly/contracts';
import { type FailedNotification, failedNotifications } from '@orderly/notifications/failed-notifications';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { pacer } from '../queues/pace.ts';
import { urlOf } from '../queues/queue-url.ts';
import { eventsOf, type ReplayedEvent } from '../replay/item-events.ts';
import { sendAll } from '../replay/sending.ts';
import type { Session } from '../session.ts';
import { type Item, readPage } from '../tables/stage-table.ts';

const orderSchema = v.object({ customer: v.object({ email: v.string() }) });

/**
 * `retried`: its event is in the queue again. `outdated`: the order has changed since, and the message would be wrong.
 * `erased`: the customer's address is erased. `changed`: the notification changed meanwhile. `refused`: by the queue.
 */
export type RetryOutcome = 'retried' | 'outdated' | 'erased' | 'changed' | 'refused';

export interface RetriedNotification {
  readonly notificationId: string;
  readonly outcome: RetryOutcome;
  /** Why it had failed, or why the queue refuses its event. */
  readonly reason?: string;
}

/** Events per second. */
const RATE = 50;

/**
 * Has failed notifications sent again: the notifications service makes each PENDING, then the newest event of its order
 * goes to that service's queue again. Killed between the two, it can be repeated.
 *
 * @param orderId only those about this order
 */
export async function retryNotifications(
  session: Session,
  orderId: string | undefined,
): Promise<readonly RetriedNotification[]> {
  const { clients, stage, signal, dryRun } = session;
  const to = await urlOf(clients.sqs, `${stage}-order-events--notifications.fifo`);
  const pace = pacer(RATE, signal);
  const retried: RetriedNotification[] = [];
  const notifications = failedNotifications(clients.dynamodb, `${stage}-notifications`);
  for await (const failed of notifications.find(orderId)) {
    if (signal.aborted) break;
    const event = await eventOf(session, failed);
    const note = (outcome: RetryOutcome, reason = failed.reason) =>
      retried.push({
        notificationId: failed.notificationId,
        outcome,
        ...(reason !== undefined && { reason }),
      });
    if (typeof event === 'string') note(event);
    else if (dryRun) note('retried');
    else if (!(await notifications.reopen(failed))) note('changed');
    else {
      const [refused] = await sendAll(clients.sqs, to, [event], pace);
      if (refused === undefined) note('retried');
      else note('refused', refused.reason);
    }
  }
  return retried;
}

/** The order's newest event, if it is the one that the notification is about; else why not. */
async function eventOf(
  { clients: { dynamodb }, stage }: Session,
  { orderId, kind, notificationId, version }: FailedNotification,
): Promise<ReplayedEvent | 'outdated' | 'erased'> {
  const page = { table: `${stage}-orders`, partition: `ORDER#${orderId}`, after: undefined, limit: 1 };
  const [order] = (await readPage(dynamodb, page)).items;
  if (order === undefined)
    throw new Failure(`There is a notification of order ${orderId}, and no such order.`);
  if (isErased(order)) return 'erased';
  const run = { id: 'retry', topic: 'order-events', startedAt: new Date().toISOString() } as const;
  const read = eventsOf(run, order);
  if (read.outcome === 'unreadable')
    throw new Failure(`${read.pk} is not as its service writes it: ${read.reason}`);
  const events = read.outcome === 'events' ? read.events : [];
  const event = events.findLast(({ type }) => type.startsWith(`orderly.${kind.replace('-', '.')}.v`));
  if (event === undefined) return 'outdated';
  return { ...event, deduplicationId: `retry-${notificationId}-${version}` };
}

function isErased(order: Item): boolean {
  const read = parse(orderSchema, order);
  return read.outcome === 'valid' && read.value.customer.email === erasedEmail;
}
