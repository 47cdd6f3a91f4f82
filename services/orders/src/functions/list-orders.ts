import { http } from '@orderly/lambda/http';
import { answerPage } from '@orderly/lambda/page';
import { mayActFor } from '../access-http.ts';
import { OrdersQuery } from '../order-http.ts';
import { listOrders } from '../order-table.ts';

export const handler = http({ query: OrdersQuery }, ({ query, caller }) => {
  const { customerId } = query;
  // Somebody else looks like a customer without orders.
  const own = mayActFor(caller, { id: customerId });
  return answerPage(customerId, query, async (limit, after) =>
    own ? listOrders(customerId, limit, after) : { items: [] },
  );
});
