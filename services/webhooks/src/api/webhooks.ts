import { WebhookId } from '@orderly/contracts';
import { notFound, type Problem } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { Webhook } from '../domain/webhook.ts';

/** The path of one webhook. */
export const WebhookPath = v.object({ webhookId: WebhookId });

/** The webhook that a request is about, in every log line of it. */
export const logKeys = { webhook_id: 'webhookId' };

export const webhookLocation = (webhookId: WebhookId): string => `/webhooks/${webhookId}`;

/** A webhook as a caller opens it. */
export const NewWebhook = v.strictObject({ webhookId: WebhookId });

export function webhookNotFound(webhookId: WebhookId): Problem {
  return notFound('webhook-not-found', `There is no webhook ${webhookId}`);
}

/** The webhook as callers see it: always the same fields in the same order. */
export function showWebhook({ webhookId, status, version, openedAt, closedAt }: Webhook) {
  return { webhookId, status, version, openedAt, closedAt };
}
