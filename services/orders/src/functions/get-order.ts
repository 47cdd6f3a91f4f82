import { http, ok } from '@orderly/lambda/http';
import { OrderPath, orderNotFound, showOrder } from '../order-http.ts';
import { findOrder } from '../order-table.ts';

export const handler = http({ path: OrderPath }, async ({ path: { orderId } }) => {
  const order = await findOrder(orderId);
  if (order === undefined) throw orderNotFound(orderId);
  return ok(showOrder(order));
});
