import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { OrderId, Reason, Timestamp } from './values.ts';

/** What a notification tells the customer; there is at most one of each kind per order. */
export const NotificationKind = v.picklist([
  'order-confirmed',
  'order-rejected',
  'order-cancelled',
  'order-shipped',
]);
export type NotificationKind = v.InferOutput<typeof NotificationKind>;

/** How a notification leaves the platform. */
export const Channel = v.picklist(['log', 'smtp', 'ses']);
export type Channel = v.InferOutput<typeof Channel>;

const notification = {
  notificationId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  orderId: OrderId,
  kind: NotificationKind,
  channel: Channel,
};

/** The provider has taken the message; `messageId` is what it calls it. */
export const NotificationSent = defineEvent({
  topic: 'notification-events',
  type: 'orderly.notification.sent.v1',
  data: v.object({ ...notification, messageId: v.pipe(v.string(), v.maxLength(998)), sentAt: Timestamp }),
});

/** The provider has refused the message for good. */
export const NotificationFailed = defineEvent({
  topic: 'notification-events',
  type: 'orderly.notification.failed.v1',
  data: v.object({ ...notification, reason: Reason, failedAt: Timestamp }),
});
