import type { CloudEvent } from '@orderly/contracts';
import { orderEvent } from './records.ts';

/**
 * How many changes of other orders lie between two changes of an order: as many as come at 100 orders a second in the
 * 0.3 seconds until an order is confirmed.
 */
const apart = 60;

/** The changes of orders that have one, two and three of them, in the order in which a table's stream has them. */
export function orderChanges(count: number): readonly CloudEvent[] {
  return Array.from({ length: count }, (_, order) =>
    Array.from({ length: 1 + (order % 3) }, (_unused, change) => ({
      at: 2 * order + apart * change,
      event: orderEvent(`order ${order}`, { sequence: change + 1 }),
    })),
  )
    .flat()
    .toSorted((one, other) => one.at - other.at)
    .map(({ event }) => event)
    .slice(0, count);
}
