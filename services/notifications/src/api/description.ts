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
  description:
    'Shows what customers were told of their orders; that they are told follows from order events.',
  url: 'http://127.0.0.1:3003',
  tags: { notifications: 'What customers were told, at most once per order and kind' },
  schemas: {
    Notification: {
      schema: NotificationBody,
      description:
        'One message to a customer: SENT has `messageId` and `sentAt`, FAILED has `reason` and `failedAt`',
    },
    NotificationKind: { schema: NotificationKind, description: 'What the message tells' },
    NotificationsPage: { schema: NotificationsPage, description: "An order's notifications" },
    Channel: { schema: Channel, description: 'How the message leaves the platform' },
  },
  routes: [
    {
      route: 'GET /notifications',
      name: 'list-notifications',
      tag: 'notifications',
      summary: 'Lists what a customer was told about an order',
      description: 'Empty for an order that nobody was told of, or that does not exist.',
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
