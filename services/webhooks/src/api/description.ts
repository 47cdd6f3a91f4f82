import { Timestamp, WebhookId } from '@orderly/contracts';
import { type ApiDescription, answerOf } from '@orderly/functions/http/api-description';
import * as v from 'valibot';
import { NewWebhook, type showWebhook, WebhookPath, webhookLocation, webhookNotFound } from './webhooks.ts';

const WebhookBody = answerOf<ReturnType<typeof showWebhook>>()({
  webhookId: WebhookId,
  status: v.picklist(['OPEN', 'CLOSED']),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  openedAt: Timestamp,
  closedAt: v.optional(Timestamp),
});

const webhookId = v.parse(WebhookId, 'a3da9915-e501-815b-b444-699b1c553a42');
const opened = { webhookId, status: 'OPEN', version: 1, openedAt: '2026-01-31T12:00:00.000Z' };
const closed = { ...opened, status: 'CLOSED', version: 2, closedAt: '2026-01-31T13:00:00.000Z' };

export const apiDescription: ApiDescription = {
  title: 'Orderly webhooks',
  version: '1.0.0',
  description: 'Opens webhooks and tracks their status: `OPEN -> CLOSED`.',
  url: 'http://127.0.0.1:3004',
  tags: { webhooks: 'Webhooks, each with the id of what it is about' },
  schemas: {
    NewWebhook: { schema: NewWebhook, description: 'A webhook as a caller opens it.' },
    Webhook: { schema: WebhookBody, description: 'A webhook. A CLOSED one has `closedAt`.' },
    WebhookId: { schema: WebhookId },
  },
  routes: [
    {
      route: 'POST /webhooks',
      name: 'open-webhook',
      tag: 'webhooks',
      summary: 'Opens a webhook',
      body: { schema: NewWebhook, example: { webhookId } },
      answers: [
        {
          status: 201,
          description:
            'The webhook is open. A repeat opens nothing and gets the answer of the first request.',
          schema: WebhookBody,
          example: opened,
          location: webhookLocation(webhookId),
        },
      ],
    },
    {
      route: 'GET /webhooks/{webhookId}',
      name: 'get-webhook',
      tag: 'webhooks',
      summary: 'Shows a webhook',
      path: WebhookPath,
      answers: [{ status: 200, description: 'The webhook', schema: WebhookBody, example: closed }],
      problems: [{ when: 'There is no such webhook', example: webhookNotFound(webhookId) }],
    },
  ],
};
