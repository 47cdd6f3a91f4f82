import { OrderId } from '@orderly/contracts';
import { http } from '@orderly/lambda/http';
import { answerPage, pageFields } from '@orderly/lambda/page';
import * as v from 'valibot';
import { listNotifications } from '../notification-table.ts';

const Query = v.object({ orderId: OrderId, ...pageFields });

export const handler = http({ query: Query }, ({ query }) => {
  const { orderId } = query;
  return answerPage(orderId, query, (limit, after) => listNotifications(orderId, limit, after));
});
