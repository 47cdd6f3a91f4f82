import { OrderId } from '@orderly/contracts';
import { http, ok } from '@orderly/lambda/http';
import { count } from '@orderly/lambda/log';
import { conflict, notFound, type Problem } from '@orderly/lambda/problem';
import * as v from 'valibot';
import type { Order, Outcome } from './order.ts';
import { changeOrder } from './order-table.ts';

/** The path of one order. */
export const OrderPath = v.object({ orderId: OrderId });

export function orderNotFound(orderId: OrderId): Problem {
  return notFound('order-not-found', `There is no order ${orderId}`);
}

/** The order as callers see it: always the same fields in the same order. */
export function showOrder(order: Order) {
  const { orderId, status, version, customer, currency, lines, total, placedAt } = order;
  const { confirmedAt, rejectedAt, shortages, cancelledAt, shippedAt } = order;
  return {
    orderId,
    status,
    version,
    customer: { id: customer.id, email: customer.email },
    currency,
    lines: lines.map(({ sku, name, quantity, unitPrice, lineTotal }) => ({
      sku,
      name,
      quantity,
      unitPrice,
      lineTotal,
    })),
    total,
    placedAt,
    confirmedAt,
    rejectedAt,
    shortages: shortages?.map(({ sku, requested, available }) => ({ sku, requested, available })),
    cancelledAt,
    shippedAt,
  };
}

/**
 * A route that moves an order by one verb of the domain, and answers the order as it is then.
 *
 * @param done what the verb does, in the past tense, e.g. `cancelled`
 */
export function moveOrder(verb: (order: Order, at: Date) => Outcome, done: string) {
  return http({ path: OrderPath }, async ({ path: { orderId } }) => {
    const outcome = await changeOrder(orderId, (order) => verb(order, new Date()));
    if (outcome === undefined) throw orderNotFound(orderId);
    const { order } = outcome;
    if (outcome.outcome === 'refused') {
      throw conflict(`order-not-${done}`, `An order that is ${order.status} cannot be ${done}`);
    }
    if (outcome.outcome === 'changed') count(`Orders${done[0]?.toUpperCase()}${done.slice(1)}`);
    return ok(showOrder(order));
  });
}
