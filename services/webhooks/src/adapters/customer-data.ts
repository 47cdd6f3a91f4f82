import { type DynamoDBClient, maintainTable } from '@orderly/functions/aws/maintenance';
import { envelopeOf } from '@orderly/functions/messaging/envelope';
import type { DeliveryItem } from './delivery-table.ts';

/**
 * What this service stores of customers, for `orderly forget`: the events that it posts, and what receivers answered, which
 * may quote them.
 */
export function customerDeliveries(client: DynamoDBClient, tableName: string) {
  const table = maintainTable<DeliveryItem>(client, tableName);
  return {
    /**
     * Erases a customer from the deliveries of their orders' events; a dry run only counts them. It reads the whole table:
     * deliveries outlive their endpoint.
     *
     * @param orderIds the customer's final orders
     * @param eraseText removes what identifies the customer from an event
     * @returns how many held something of the customer, and how many of these changed meanwhile and were left
     */
    async erase(
      orderIds: ReadonlySet<string>,
      eraseText: (text: string) => string,
      { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
    ): Promise<{ readonly found: number; readonly changed: number }> {
      let [found, changed] = [0, 0];
      if (orderIds.size === 0) return { found, changed };
      for await (const item of table.items()) {
        if (signal.aborted) break;
        if (!item.pk.startsWith('ENDPOINT#') || !orderIds.has(envelopeOf(item.body).subject ?? '')) continue;
        const erased = { ...item, body: eraseText(item.body), attempts: item.attempts.map(withoutAnswer) };
        if (JSON.stringify(erased) === JSON.stringify(item)) continue;
        found++;
        // A new version, so that an attempt that began before does not write the old event back.
        if (!dryRun && !(await table.replace(item, { ...erased, version: item.version + 1 }))) changed++;
      }
      return { found, changed };
    },
  };
}

const withoutAnswer = (attempt: DeliveryItem['attempts'][number]): DeliveryItem['attempts'][number] =>
  attempt.outcome === 'answered' ? { ...attempt, answer: '' } : attempt;
