import { http } from '@orderly/lambda/http';
import { answerPage } from '@orderly/lambda/page';
import { maySee } from '../access-http.ts';
import { NotificationsQuery } from '../notification-http.ts';
import { listNotifications } from '../notification-table.ts';

export const handler = http({ query: NotificationsQuery }, ({ query, caller }) => {
  const { orderId } = query;
  return answerPage(orderId, query, (limit, after) =>
    listNotifications(orderId, (customerId) => maySee(caller, customerId), limit, after),
  );
});
