import { http } from '@orderly/functions/http/handler';
import { answerPage } from '@orderly/functions/http/page';
import { listOrders } from '../adapters/order-table.ts';
import { mayActFor } from '../api/access.ts';
import { OrdersQuery } from '../api/orders.ts';

export const handler = http({ query: OrdersQuery }, ({ query, caller }) => {
  const { customerId } = query;
  // Another customer looks like one without orders.
  const own = mayActFor(caller, { id: customerId });
  return answerPage(customerId, query, async (limit, after) =>
    own ? listOrders(customerId, limit, after) : { items: [] },
  );
});
