import { OrderId } from '@orderly/contracts';
import { pageFields } from '@orderly/functions/http/page';
import * as v from 'valibot';
import type { Notification } from '../domain/notification.ts';

/** The order whose notifications are listed. */
export const NotificationsQuery = v.object({ orderId: OrderId, ...pageFields });

/** A notification as callers see it. */
export type ShownNotification = Omit<
  Notification,
  'customerId' | 'version' | 'attemptId' | 'attemptEndsAt' | 'reopenedAt'
>;

/** Always the same fields in the same order. */
export function showNotification(notification: Notification): ShownNotification {
  const { notificationId, orderId, kind, status, channel, attempts, createdAt } = notification;
  const { messageId, sentAt, reason, failedAt } = notification;
  return {
    ...{ notificationId, orderId, kind, status, channel, attempts, createdAt },
    ...(messageId !== undefined && { messageId }),
    ...(sentAt !== undefined && { sentAt }),
    ...(reason !== undefined && { reason }),
    ...(failedAt !== undefined && { failedAt }),
  };
}
