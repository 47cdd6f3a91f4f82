import {
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  on,
} from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { changeWebhook } from '../adapters/webhook-table.ts';
import { close } from '../domain/webhook.ts';

/** Closes the webhook with this id; where there is none, nothing has to be closed. */
async function closeIfOpen(webhookId: string): Promise<void> {
  const outcome = await changeWebhook(webhookId, (webhook) => close(webhook, new Date()));
  if (outcome === undefined) return;
  if (outcome.outcome === 'unchanged') return count('DuplicatesAbsorbed');
  count('WebhooksClosed');
  log.info('Webhook closed', { webhook_id: webhookId });
}

export const handler = consume(
  on(OrderPlaced, ({ subject }) => closeIfOpen(subject)),
  on(OrderConfirmed, ({ subject }) => closeIfOpen(subject)),
  on(OrderRejected, ({ subject }) => closeIfOpen(subject)),
  on(OrderCancelled, ({ subject }) => closeIfOpen(subject)),
  on(OrderShipped, ({ subject }) => closeIfOpen(subject)),
);
