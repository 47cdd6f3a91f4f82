import type { CloudEvent } from '@orderly/contracts';
import { orderEvent } from './records.ts';

/**
 * How many changes of other orders lie between two changes of an order: at 100 orders a second, those of the 0.3 seconds
 * until an order is confirmed.
 */
const apart = 60;

/** The first changes of orders with one, two or three changes each, in the order of a table's stream. */
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
