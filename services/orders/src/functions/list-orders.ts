import { CustomerId } from '@orderly/contracts';
import { http } from '@orderly/lambda/http';
import { answerPage, pageFields } from '@orderly/lambda/page';
import * as v from 'valibot';
import { listOrders } from '../order-table.ts';

const Query = v.object({ customerId: CustomerId, ...pageFields });

export const handler = http({ query: Query }, ({ query }) => {
  const { customerId } = query;
  return answerPage(customerId, query, (limit, after) => listOrders(customerId, limit, after));
});
