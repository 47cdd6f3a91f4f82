import { http, ok } from '@orderly/lambda/http';
import { mayActFor } from '../access-http.ts';
import { OrderPath, orderNotFound, showOrder } from '../order-http.ts';
import { findOrder } from '../order-table.ts';

export const handler = http({ path: OrderPath }, async ({ path: { orderId }, caller }) => {
  const order = await findOrder(orderId);
  // Somebody else's order is told from none by nothing.
  if (order === undefined || !mayActFor(caller, order.customer)) throw orderNotFound(orderId);
  return ok(showOrder(order));
});
