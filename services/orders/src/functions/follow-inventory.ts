import { type OrderId, on, ProductUpserted, StockRejected, StockReserved } from '@orderly/contracts';
import { consume } from '@orderly/lambda/consume';
import { count } from '@orderly/lambda/log';
import { confirm, type Order, type Outcome, reject } from '../order.ts';
import { changeOrder } from '../order-table.ts';
import { saveProduct } from '../product-table.ts';

/** A decision about an order we do not know is not ours to drop: it ends in the dead-letter queue. */
async function decide(orderId: OrderId, metric: string, verb: (order: Order) => Outcome): Promise<void> {
  const outcome = await changeOrder(orderId, verb);
  if (outcome === undefined) throw new Error(`There is no order ${orderId}`);
  count(outcome.outcome === 'changed' ? metric : 'DuplicatesAbsorbed');
}

export const handler = consume(
  on(ProductUpserted, ({ data, sequence }) => saveProduct(data, sequence)),
  on(StockReserved, ({ data: { orderId } }) =>
    decide(orderId, 'OrdersConfirmed', (order) => confirm(order, new Date())),
  ),
  on(StockRejected, ({ data: { orderId, shortages } }) =>
    decide(orderId, 'OrdersRejected', (order) => reject(order, shortages, new Date())),
  ),
);
