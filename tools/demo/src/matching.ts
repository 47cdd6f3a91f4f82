import type { OrderPlan } from './order-plan.ts';

/**
 * Which order a cancelled row belongs to.
 *
 * The rule: the latest earlier invoice (in the order of the data) of the same customer that ordered the SKU.
 * The platform cancels an order whole or not at all, so one matched row cancels the whole order, whatever
 * quantity it takes back; further rows that match the same order change nothing.
 */
export interface Matching {
  /** Makes an order known to the cancellations that come after it. */
  remember(order: OrderPlan): void;
  /** The order that a cancelled row of this customer and SKU belongs to, if there is one. */
  orderOf(customerId: string, sku: string): OrderPlan | undefined;
}

/** An empty memory of orders. */
export const createMatching = (): Matching => {
  const latest = new Map<string, OrderPlan>();
  const key = (customerId: string, sku: string): string => `${customerId} ${sku}`;
  return {
    remember: (order) => {
      for (const { sku } of order.lines) latest.set(key(order.customer.id, sku), order);
    },
    orderOf: (customerId, sku) => latest.get(key(customerId, sku)),
  };
};
