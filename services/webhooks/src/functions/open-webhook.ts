import { created, http } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { insertWebhook } from '../adapters/webhook-table.ts';
import { NewWebhook, showWebhook, webhookLocation } from '../api/webhooks.ts';
import { asOpened, open } from '../domain/webhook.ts';

export const handler = http({ body: NewWebhook }, async ({ body: { webhookId } }) => {
  const { outcome, webhook } = await insertWebhook(open(webhookId, new Date()));
  if (outcome === 'inserted') {
    count('WebhooksOpened');
    log.info('Webhook opened', { webhook_id: webhookId });
  } else {
    count('DuplicatesAbsorbed');
  }
  return created(webhookLocation(webhookId), showWebhook(asOpened(webhook)));
});
