import { type OrderId, on, ProductUpserted, StockRejected, StockReserved } from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { changeOrder } from '../adapters/order-table.ts';
import { recordOutcome } from '../adapters/order-telemetry.ts';
import { saveProduct } from '../adapters/product-table.ts';
import { confirm, type Order, type Outcome, reject } from '../domain/order.ts';

/** @throws Error for an order that does not exist: the event ends in the dead-letter queue */
async function change(orderId: OrderId, transition: (order: Order) => Outcome): Promise<void> {
  const outcome = await changeOrder(orderId, transition);
  if (outcome === undefined) throw new Error(`There is no order ${orderId}`);
  recordOutcome(outcome);
}

export const handler = consume(
  { logKeys: { order_id: 'orderId' } },
  on(ProductUpserted, ({ data, sequence }) => saveProduct(data, sequence)),
  on(StockReserved, ({ data: { orderId } }) => change(orderId, (order) => confirm(order, new Date()))),
  on(StockRejected, ({ data: { orderId, shortages } }) =>
    change(orderId, (order) => reject(order, shortages, new Date())),
  ),
);
