import { http } from '@orderly/lambda/http';
import { answerPage } from '@orderly/lambda/page';
import { OrdersQuery } from '../order-http.ts';
import { listOrders } from '../order-table.ts';

export const handler = http({ query: OrdersQuery }, ({ query }) => {
  const { customerId } = query;
  return answerPage(customerId, query, (limit, after) => listOrders(customerId, limit, after));
});
