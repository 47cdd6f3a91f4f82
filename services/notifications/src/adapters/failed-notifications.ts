import { type DynamoDBClient, maintainTable } from '@orderly/functions/aws/maintenance';
import { reopen } from '../domain/notification.ts';
import type { NotificationItem } from './notification-table.ts';

export type { NotificationItem as FailedNotification };

/** Notifications that the mail provider has refused, for `orderly notifications retry`. */
export function failedNotifications(client: DynamoDBClient, tableName: string) {
  const table = maintainTable<NotificationItem>(client, tableName);
  return {
    /**
     * Those that are FAILED, and those that were reopened and not sent since: the retry that reopened them may have been
     * killed before it sent the event.
     *
     * @param orderId only those about this order
     */
    async *find(orderId: string | undefined): AsyncGenerator<NotificationItem, void> {
      for await (const item of table.items(orderId === undefined ? undefined : ['pk', `ORDER#${orderId}`])) {
        const isReopened = item.status === 'PENDING' && item.reopenedAt !== undefined;
        if (item.status === 'FAILED' || isReopened) yield item;
      }
    },

    /** Makes it PENDING again. @returns false when it has changed since it was read: then nothing is written */
    async reopen(item: NotificationItem): Promise<boolean> {
      if (item.status === 'PENDING') return true;
      const { pk, sk, outbox, published, ...failed } = item;
      return table.replace(item, { pk, sk, ...reopen(failed, new Date()) });
    },
  };
}
