import { type OrderId, on, ProductUpserted, StockRejected, StockReserved } from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { changeOrder } from '../adapters/order-table.ts';
import { recordOutcome } from '../adapters/order-telemetry.ts';
import { saveProduct } from '../adapters/product-table.ts';
import { confirm, type Order, type Outcome, reject } from '../domain/order.ts';

/** A decision about an order we do not know is not ours to drop: it ends in the dead-letter queue. */
async function decide(orderId: OrderId, verb: (order: Order) => Outcome): Promise<void> {
  const outcome = await changeOrder(orderId, verb);
  if (outcome === undefined) throw new Error(`There is no order ${orderId}`);
  recordOutcome(outcome);
}

export const handler = consume(
  { logKeys: { order_id: 'orderId' } },
  on(ProductUpserted, ({ data, sequence }) => saveProduct(data, sequence)),
  on(StockReserved, ({ data: { orderId } }) => decide(orderId, (order) => confirm(order, new Date()))),
  on(StockRejected, ({ data: { orderId, shortages } }) =>
    decide(orderId, (order) => reject(order, shortages, new Date())),
  ),
);
