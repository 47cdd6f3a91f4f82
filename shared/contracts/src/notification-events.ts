import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { isNotificationFailedV1, isNotificationSentV1 } from './exact-checks.ts';
import { OrderId, Reason, Timestamp } from './values.ts';

export const NotificationKind = v.pipe(
  v.picklist(['order-confirmed', 'order-rejected', 'order-cancelled', 'order-shipped']),
  v.description('What a notification is about. An order has at most one of each kind.'),
);
export type NotificationKind = v.InferOutput<typeof NotificationKind>;

export const Channel = v.pipe(
  v.picklist(['log', 'smtp', 'ses']),
  v.description('How a notification is sent: to the log, by SMTP or by Amazon SES.'),
);
export type Channel = v.InferOutput<typeof Channel>;

const notificationId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(128),
  v.description('The identity of a notification. An order has at most one of each kind.'),
);

const messageId = v.pipe(
  v.string(),
  v.maxLength(998),
  v.description('The id of the message at the mail provider.'),
);

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/* @__NO_SIDE_EFFECTS__ */
const notificationEvent = <const Type extends string, const More extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly isExact: (event: unknown) => boolean;
  readonly description: string;
  /** Fields beside those that identify the notification. */
  readonly more: More;
}) =>
  defineEvent({
    topic: 'notification-events',
    type: event.type,
    isExact: event.isExact,
    description: event.description,
    data: v.object({
      notificationId,
      orderId: OrderId,
      kind: NotificationKind,
      channel: Channel,
      ...event.more,
    }),
  });

export const NotificationSent = notificationEvent({
  type: 'orderly.notification.sent.v1',
  isExact: isNotificationSentV1,
  description: 'The provider accepted the message.',
  more: { messageId, sentAt: Timestamp },
});

export const NotificationFailed = notificationEvent({
  type: 'orderly.notification.failed.v1',
  isExact: isNotificationFailedV1,
  description: 'The provider permanently refused the message.',
  more: { reason: Reason, failedAt: Timestamp },
});
