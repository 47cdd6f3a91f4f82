import type { CustomerId, NotificationKind, OrderId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable, type PutResult } from '@orderly/functions/table/table';
import type { Change, Notification } from '../domain/notification.ts';

interface NotificationItem extends Notification {
  readonly pk: string;
  readonly sk: NotificationKind;
  /** Absent where the change told nothing. */
  readonly outbox?: Outbox;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<NotificationItem>(env.TABLE_NAME);
const partition = (orderId: OrderId) => `ORDER#${orderId}`;

/**
 * Writes a change of `from`, or the first one where `from` is `undefined`, unless somebody was faster.
 *
 * @returns whether it was written, and what stands there otherwise
 */
export async function saveNotification(
  { notification, events }: Change,
  from: Notification | undefined,
): Promise<PutResult<Notification>> {
  const { orderId, kind, notificationId, version } = notification;
  const item = {
    ...notification,
    pk: partition(orderId),
    sk: kind,
    ...(events.length > 0 && { outbox: outbox({ subject: notificationId, sequence: version }, events) }),
  };
  const written = await table.put(item, from === undefined ? absent : atVersion(from.version));
  return written.outcome === 'written'
    ? written
    : { outcome: 'refused', current: written.current && toNotification(written.current) };
}

/**
 * What the customer was told about an order.
 *
 * @param mayBeSeen by whose notification it is; to whom none may be shown, the order looks like one nobody was told of
 */
export async function listNotifications(
  orderId: OrderId,
  mayBeSeen: (customerId: CustomerId | undefined) => boolean,
  limit: number,
  after: Readonly<Record<string, string>> | undefined,
): Promise<Page<Notification>> {
  const page = await queryPage<NotificationItem>(env.TABLE_NAME, {
    partition: ['pk', partition(orderId)],
    limit,
    after,
  });
  const items = page.items.filter(({ customerId }) => mayBeSeen(customerId)).map(toNotification);
  return items.length > 0 ? { ...page, items } : { items };
}

function toNotification({ pk, sk, outbox, ...notification }: NotificationItem): Notification {
  return notification;
}
