import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { erasedEmail, NotificationKind, parse } from '@orderly/contracts';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { pacer } from '../queues/pace.ts';
import { urlOf } from '../queues/queue-url.ts';
import { sendAll } from '../replay/sending.ts';
import { type Retold, tell } from '../replay/telling.ts';
import type { Session } from '../session.ts';
import { type Item, type Position, readPage } from '../tables/stage-table.ts';

const failedSchema = v.object({
  pk: v.string(),
  sk: v.string(),
  notificationId: v.string(),
  orderId: v.string(),
  kind: NotificationKind,
  status: v.picklist(['FAILED', 'PENDING']),
  version: v.number(),
  reason: v.exactOptional(v.string()),
  reopenedAt: v.exactOptional(v.string()),
});
type FailedNotification = v.InferOutput<typeof failedSchema>;

const orderSchema = v.object({ customer: v.object({ email: v.string() }) });

/**
 * `retried`: its event is in the queue again. Left as they are: `outdated`, because the order has moved on and the message would
 * be wrong; `erased`, because the customer's address is gone; `changed`, because somebody else was at it.
 */
export type RetryOutcome = 'retried' | 'outdated' | 'erased' | 'changed' | 'refused';

export interface RetriedNotification {
  readonly notificationId: string;
  readonly outcome: RetryOutcome;
  /** Why it had failed, or why the queue refuses its event. */
  readonly reason?: string;
}

/** Items a page: Ctrl-C waits for its end. */
const PAGE_ITEMS = 100;
/** Events per second. */
const RATE = 50;

/**
 * Has failed notifications sent again: each is PENDING again, and then the newest event of its order is in the queue of the
 * notifications service again. Killed between the two, it can be repeated.
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
  for await (const failed of failedNotifications(session, orderId)) {
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
    else if (!(await reopen(clients.dynamodb, `${stage}-notifications`, failed))) note('changed');
    else {
      const [refused] = await sendAll(clients.sqs, to, [event], pace);
      if (refused === undefined) note('retried');
      else note('refused', refused.reason);
    }
  }
  return retried;
}

/** Also those that are reopened and not sent yet: what reopened them may have been killed before it sent the event. */
async function* failedNotifications(
  { clients: { dynamodb }, stage, signal }: Session,
  orderId: string | undefined,
): AsyncGenerator<FailedNotification> {
  const partition = orderId === undefined ? {} : { partition: `ORDER#${orderId}` };
  let after: Position | undefined;
  do {
    const page = await readPage(dynamodb, {
      table: `${stage}-notifications`,
      ...partition,
      after,
      limit: PAGE_ITEMS,
    });
    for (const item of page.items) {
      const read = parse(failedSchema, item);
      if (read.ok && (read.value.status === 'FAILED' || read.value.reopenedAt !== undefined))
        yield read.value;
    }
    after = page.next;
  } while (after !== undefined && !signal.aborted);
}

/** The event that leads to the notification, as the order's newest one; or why there is none. */
async function eventOf(
  { clients: { dynamodb }, stage }: Session,
  { orderId, kind, notificationId, version }: FailedNotification,
): Promise<Retold | 'outdated' | 'erased'> {
  const page = { table: `${stage}-orders`, partition: `ORDER#${orderId}`, after: undefined, limit: 1 };
  const [order] = (await readPage(dynamodb, page)).items;
  if (order === undefined)
    throw new Failure(`There is a notification of order ${orderId}, and no such order.`);
  if (isErased(order)) return 'erased';
  const run = { id: 'retry', topic: 'order-events', startedAt: new Date().toISOString() } as const;
  const told = tell(run, order);
  if (told.told === 'unreadable')
    throw new Failure(`${told.pk} is not as its service writes it: ${told.reason}`);
  const events = told.told === 'events' ? told.events : [];
  const event = events.findLast(({ type }) => type.startsWith(`orderly.${kind.replace('-', '.')}.v`));
  if (event === undefined) return 'outdated';
  return { ...event, deduplicationId: `retry-${notificationId}-${version}` };
}

function isErased(order: Item): boolean {
  const read = parse(orderSchema, order);
  return read.ok && read.value.customer.email === erasedEmail;
}

/** @returns false when the notification is not what it was: then nothing is written */
async function reopen(client: DynamoDBClient, table: string, failed: FailedNotification): Promise<boolean> {
  const { pk, sk, status, version } = failed;
  if (status === 'PENDING') return true;
  try {
    await DynamoDBDocumentClient.from(client).send(
      new UpdateCommand({
        TableName: table,
        Key: { pk, sk },
        // A write without an outbox publishes no event.
        UpdateExpression:
          'SET #status = :pending, version = version + :one, attemptEndsAt = :now, reopenedAt = :now REMOVE outbox, published, #reason, failedAt',
        ConditionExpression: '#status = :status AND version = :version',
        ExpressionAttributeNames: { '#status': 'status', '#reason': 'reason' },
        ExpressionAttributeValues: {
          ':pending': 'PENDING',
          ':one': 1,
          ':now': new Date().toISOString(),
          ':status': status,
          ':version': version,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
