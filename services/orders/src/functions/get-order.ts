import { http, ok } from '@orderly/functions/http/handler';
import { findOrder } from '../adapters/order-table.ts';
import { checkAccess } from '../api/access.ts';
import { OrderPath, orderNotFound, showOrder } from '../api/orders.ts';

export const handler = http({ path: OrderPath }, async ({ path: { orderId }, caller }) => {
  const order = await findOrder(orderId);
  if (order === undefined) throw orderNotFound(orderId);
  checkAccess(caller, order);
  return ok(showOrder(order));
});
