import type { OrderLine } from '@orderly/contracts';
import type { OrderNotes } from './order.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
export const maxItemBytes = 400 * 1024;

/** Room for all of an item that is neither line nor note: keys, customer, times, the envelope of the event. */
const restBytes = 8 * 1024;

/**
 * The most bytes that an order's item takes in its life: when it is rejected for every line, lines, notes and shortages
 * are in the item, and again in the event of its outbox. As JSON they are at least as long as DynamoDB counts
 * them (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
export function largestItemBytes(lines: readonly OrderLine[], notes: OrderNotes): number {
  const shortages = lines.map(({ sku, quantity }) => ({ sku, requested: quantity, available: quantity }));
  // Events spell these two characters out in ASCII, because SQS refuses them.
  const json = JSON.stringify([lines, notes, shortages]).replace(/[\uFFFE\uFFFF]/g, '\\uffff');
  return 2 * Buffer.byteLength(json) + restBytes;
}
