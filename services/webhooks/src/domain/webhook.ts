import { type NewEvent, WebhookClosed, type WebhookId, WebhookOpened } from '@orderly/contracts';

/** OPEN -> CLOSED. Only the transitions below change it. */
export type WebhookStatus = 'OPEN' | 'CLOSED';

export interface Webhook {
  readonly webhookId: WebhookId;
  readonly status: WebhookStatus;
  /** Counts the changes; 1 when opened. */
  readonly version: number;
  readonly openedAt: string;
  readonly closedAt?: string;
}

/** The webhook after a change, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly webhook: Webhook;
  readonly events: readonly NewEvent[];
}

/** `unchanged` is a repeat. */
export type Outcome = Change | { readonly outcome: 'unchanged'; readonly webhook: Webhook };

/** Begins a webhook. */
export function open(webhookId: WebhookId, at: Date): Change {
  const openedAt = at.toISOString();
  return {
    outcome: 'changed',
    webhook: { webhookId, status: 'OPEN', version: 1, openedAt },
    events: [WebhookOpened.of({ webhookId, openedAt })],
  };
}

/** Ends a webhook; no change can follow. */
export function close(webhook: Webhook, at: Date): Outcome {
  if (webhook.status === 'CLOSED') return { outcome: 'unchanged', webhook };
  const closedAt = at.toISOString();
  const { webhookId, openedAt, version } = webhook;
  return {
    outcome: 'changed',
    webhook: { ...webhook, status: 'CLOSED', version: version + 1, closedAt },
    events: [WebhookClosed.of({ webhookId, openedAt, closedAt })],
  };
}

/** The webhook as it was when it was opened: the answer to a repeated request. */
export function asOpened({ webhookId, openedAt }: Webhook): Webhook {
  return { webhookId, status: 'OPEN', version: 1, openedAt };
}
