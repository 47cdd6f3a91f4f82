import { http, ok } from '@orderly/functions/http/handler';
import { findWebhook } from '../adapters/webhook-table.ts';
import { logKeys, showWebhook, WebhookPath, webhookNotFound } from '../api/webhooks.ts';

export const handler = http({ path: WebhookPath, logKeys }, async ({ path: { webhookId } }) => {
  const webhook = await findWebhook(webhookId);
  if (webhook === undefined) throw webhookNotFound(webhookId);
  return ok(showWebhook(webhook));
});
