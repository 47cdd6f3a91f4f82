import { http } from '@orderly/functions/http/handler';
import { answerPage } from '@orderly/functions/http/page';
import { listNotifications } from '../adapters/notification-table.ts';
import { maySee } from '../api/access.ts';
import { NotificationsQuery, showNotification } from '../api/notifications.ts';

export const handler = http({ query: NotificationsQuery }, ({ query, caller }) => {
  const { orderId } = query;
  return answerPage(orderId, query, async (limit, after) => {
    const page = await listNotifications(orderId, (customerId) => maySee(caller, customerId), limit, after);
    return { ...page, items: page.items.map(showNotification) };
  });
});
