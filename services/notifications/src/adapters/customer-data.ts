import type { OrderId } from '@orderly/contracts';
import { type DynamoDBClient, lastEvents, maintainTable } from '@orderly/functions/aws/maintenance';
import type { NotificationItem } from './notification-table.ts';

/**
 * What this service stores of customers, for `orderly forget`: no addresses, except where a mail server's reason quotes
 * one.
 */
export function customerNotifications(client: DynamoDBClient, tableName: string) {
  const table = maintainTable<NotificationItem>(client, tableName);
  return {
    /**
     * Erases addresses from the notifications about an order; a dry run only counts them.
     *
     * @param eraseText removes the customer's addresses from a text
     * @returns how many held an address, and how many of these changed meanwhile and were left
     */
    async erase(
      orderId: OrderId,
      eraseText: (text: string) => string,
      dryRun: boolean,
    ): Promise<{ readonly found: number; readonly changed: number }> {
      let [found, changed] = [0, 0];
      for await (const item of table.items(['pk', `ORDER#${orderId}`])) {
        const erased = { ...item, ...reasonOf(item, eraseText), ...lastEvents(item, eraseText) };
        const before = { ...item, ...lastEvents(item) };
        if (JSON.stringify(erased) === JSON.stringify(before)) continue;
        found++;
        if (!dryRun && !(await table.replace(item, erased))) changed++;
      }
      return { found, changed };
    },
  };
}

const reasonOf = ({ reason }: NotificationItem, eraseText: (text: string) => string) =>
  reason === undefined ? {} : { reason: eraseText(reason) };
