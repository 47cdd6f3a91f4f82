import type { CustomerId, NotificationKind, OrderId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { pause } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Notification } from '../domain/notification.ts';
import type { Saved } from '../domain/notifier.ts';

export interface NotificationItem extends Notification {
  readonly pk: string;
  readonly sk: NotificationKind;
  /** Absent where the last change had no events, or the customer is erased. */
  readonly outbox?: Outbox;
  /** The outbox of an erased customer's notification, without their address. */
  readonly published?: Outbox;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<NotificationItem>(env.TABLE_NAME);
const partition = (orderId: OrderId) => `ORDER#${orderId}`;

/** Writes a change of `from` (the first one where it is `undefined`), unless somebody was faster. */
export async function saveNotification(
  { notification, events }: Change,
  from: Notification | undefined,
): Promise<Saved> {
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

const LOOK_AGAIN_MS = 250;

/** The notification as it is a moment later. */
export async function laterNotification({
  orderId,
  kind,
}: Pick<Notification, 'orderId' | 'kind'>): Promise<Notification | undefined> {
  await pause(LOOK_AGAIN_MS);
  const item = await table.get({ pk: partition(orderId), sk: kind });
  return item && toNotification(item);
}

/**
 * The notifications about an order.
 *
 * @param maySee whether the caller may see a notification of this customer; without any, there is no further page
 */
export async function listNotifications(
  orderId: OrderId,
  maySee: (customerId: CustomerId | undefined) => boolean,
  limit: number,
  after: Readonly<Record<string, string>> | undefined,
): Promise<Page<Notification>> {
  const page = await queryPage<NotificationItem>(env.TABLE_NAME, {
    partition: ['pk', partition(orderId)],
    limit,
    after,
  });
  const items = page.items.filter(({ customerId }) => maySee(customerId)).map(toNotification);
  return items.length > 0 ? { ...page, items } : { items };
}

function toNotification({ pk, sk, outbox, published, ...notification }: NotificationItem): Notification {
  return notification;
}
