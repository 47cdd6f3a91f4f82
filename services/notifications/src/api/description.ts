import { Channel, NotificationKind, OrderId, Reason, Timestamp } from '@orderly/contracts';
import { type ApiDescription, answerOf, pageOf } from '@orderly/functions/http/api-description';
import * as v from 'valibot';
import { NotificationsQuery, type ShownNotification } from './notifications.ts';

const NotificationBody = answerOf<ShownNotification>()({
  notificationId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  orderId: OrderId,
  kind: NotificationKind,
  status: v.picklist(['PENDING', 'SENT', 'FAILED']),
  channel: Channel,
  attempts: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: Timestamp,
  messageId: v.optional(v.pipe(v.string(), v.maxLength(998))),
  sentAt: v.optional(Timestamp),
  reason: v.optional(Reason),
  failedAt: v.optional(Timestamp),
});

const NotificationsPage = pageOf(NotificationBody);

const orderId = 'a3da9915-e501-815b-b444-699b1c553a42';
const notificationId = `${orderId}.order-confirmed`;

export const apiDescription: ApiDescription = {
  title: 'Orderly notifications',
  version: '1.0.0',
  description: 'Lists the notifications that were sent to customers. Order events cause them, not a route.',
  url: 'http://127.0.0.1:3003',
  tags: { notifications: 'Notifications to customers, at most one of each kind for an order' },
  schemas: {
    Notification: {
      schema: NotificationBody,
      description:
        'A notification to a customer. SENT ones have `messageId` and `sentAt`, FAILED ones `reason` and `failedAt`.',
    },
    NotificationKind: { schema: NotificationKind },
    NotificationsPage: { schema: NotificationsPage, description: "A page of an order's notifications." },
    Channel: { schema: Channel },
  },
  routes: [
    {
      route: 'GET /notifications',
      name: 'list-notifications',
      tag: 'notifications',
      summary: 'Lists the notifications of an order',
      description: 'The list is empty for an order without notifications, and for one that does not exist.',
      query: NotificationsQuery,
      answers: [
        {
          status: 200,
          description: 'One page of the list',
          schema: NotificationsPage,
          example: {
            items: [
              {
                notificationId,
                orderId,
                kind: 'order-confirmed',
                status: 'SENT',
                channel: 'log',
                attempts: 1,
                createdAt: '2026-01-31T12:00:00.500Z',
                messageId: `<${notificationId}@orderly>`,
                sentAt: '2026-01-31T12:00:00.510Z',
              },
            ],
          },
        },
      ],
    },
  ],
};
