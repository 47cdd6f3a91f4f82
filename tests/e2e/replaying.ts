import { randomUUID } from 'node:crypto';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { parseEvent } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { orderlyJson } from './orderly.ts';
import { clientOptions } from './platform.ts';
import { queues } from './queues.ts';

export interface ReplayedBody {
  readonly outcome: string;
  readonly counts: Readonly<Record<'aggregates' | 'sent' | 'filtered' | 'withoutEvents' | 'failed', number>>;
}

/** Replays a topic to a queue, as its owner would. */
export const replay = (topic: string, to: string, ...more: readonly string[]) =>
  orderlyJson<ReplayedBody>('replay', '--topic', topic, '--to', to, '--rate', '3000', ...more);

/** The orders of the table, id and status. */
export async function storedOrders(): Promise<ReadonlyMap<string, string>> {
  const client = new DynamoDBClient(clientOptions('dynamodb'));
  const orders = new Map<string, string>();
  const TableName = queues.name('orders');
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const { orderId, status } of Items) {
      if (orderId?.S !== undefined) orders.set(orderId.S, status?.S ?? '');
    }
  }
  client.destroy();
  return orders;
}

/** The status of an order once it has published this event. */
export const statusAfter = (type: string): string => type.split('.')[2]?.toUpperCase() ?? '';

/**
 * Replays all orders to a new subscriber.
 *
 * @returns id and status of each order as its event says, and what the replay counted
 */
export async function replayedOrders(): Promise<{
  readonly received: readonly (readonly [id: string, status: string])[];
  readonly counts: ReplayedBody['counts'];
}> {
  const name = `replayed-${randomUUID()}.fifo`;
  const url = await queues.create(name);
  const { counts } = await replay('order-events', queues.name(name));
  const received: (readonly [id: string, status: string])[] = [];
  await eventually(async () => {
    for (const { Body = '' } of await queues.drain(url)) {
      const parsed = parseEvent(Body);
      if (parsed.outcome !== 'event') throw new Error(`Not an event: ${Body}`);
      expect(parsed.event.orderlyreplay).toBe(true);
      received.push([parsed.event.subject, statusAfter(parsed.event.type)]);
    }
    expect(received).toHaveLength(counts.sent);
  });
  await queues.delete(url);
  return { received, counts };
}
