import { http, ok } from '@orderly/functions/http/handler';
import { findOrder } from '../adapters/order-table.ts';
import { checkAccess } from '../api/access.ts';
import { logKeys, OrderPath, orderNotFound, showOrder } from '../api/orders.ts';

export const handler = http({ path: OrderPath, logKeys }, async ({ path: { orderId }, caller }) => {
  const order = await findOrder(orderId);
  if (order === undefined) throw orderNotFound(orderId);
  checkAccess(caller, order);
  return ok(showOrder(order));
});
