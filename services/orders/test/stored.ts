import { inRequestContext } from '@orderly/functions/observability/request-context';
import { insertOrder } from '../src/adapters/order-table.ts';
import type { Order } from '../src/domain/order.ts';
import { placing } from './builders.ts';

export const inContext = <T>(work: () => Promise<T>) =>
  inRequestContext({ correlationId: 'a-flow', causationId: 'a-cause' }, work);

/** An order that is in the table. */
export async function placed(change = placing()): Promise<Order> {
  await inContext(() => insertOrder(change, 'hash'));
  return change.order;
}
