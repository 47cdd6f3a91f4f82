import { http, ok } from '@orderly/lambda/http';
import { mayActFor } from './access-http.ts';
import type { Order, Outcome } from './order.ts';
import { type Move, OrderPath, orderNotFound, orderNotMoved, showOrder } from './order-http.ts';
import { changeOrder } from './order-table.ts';
import { recordChange, recordRepeat } from './order-telemetry.ts';

/**
 * A route that moves an order by one verb of the domain, and answers the order as it is then.
 *
 * @param done what the verb does, in the past tense, e.g. `cancelled`
 */
export function moveOrder(verb: (order: Order, at: Date) => Outcome, done: Move) {
  return http({ path: OrderPath }, async ({ path: { orderId }, caller }) => {
    const outcome = await changeOrder(orderId, (order) => {
      if (!mayActFor(caller, order.customer)) throw orderNotFound(orderId);
      return verb(order, new Date());
    });
    if (outcome === undefined) throw orderNotFound(orderId);
    const { order } = outcome;
    if (outcome.outcome === 'refused') throw orderNotMoved(order.status, done);
    if (outcome.outcome === 'changed') recordChange(order);
    else recordRepeat();
    return ok(showOrder(order));
  });
}
