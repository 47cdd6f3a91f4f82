import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Outcome, Webhook } from '../domain/webhook.ts';

/** A webhook as it is stored: with the events of its last change. */
export interface WebhookItem extends Webhook {
  readonly pk: string;
  readonly outbox: Outbox;
}

/** A new webhook, or the one that exists under its id. */
export interface Insertion {
  readonly outcome: 'inserted' | 'repeated';
  readonly webhook: Webhook;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<WebhookItem>(env.TABLE_NAME);
const key = (webhookId: string) => ({ pk: `WEBHOOK#${webhookId}` });

/** How often a change is tried again because somebody else was faster. */
const attempts = 5;

/** Writes a new webhook unless there is one under its id. */
export async function insertWebhook(change: Change): Promise<Insertion> {
  const written = await table.put(toItem(change), absent);
  if (written.outcome === 'written' || written.current === undefined) {
    return { outcome: 'inserted', webhook: change.webhook };
  }
  return { outcome: 'repeated', webhook: toWebhook(written.current) };
}

export async function findWebhook(webhookId: string): Promise<Webhook | undefined> {
  const item = await table.get(key(webhookId));
  return item && toWebhook(item);
}

/**
 * Changes a webhook by one transition of the domain. The write is guarded by the version that was read; when somebody
 * was faster, the transition decides again on the webhook as it is now.
 *
 * @returns `undefined` for a webhook that does not exist
 * @throws TransactionConflictError when others were faster every time
 */
export async function changeWebhook(
  webhookId: string,
  transition: (webhook: Webhook) => Outcome,
): Promise<Outcome | undefined> {
  let item = await table.get(key(webhookId));
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (item === undefined) return undefined;
    const outcome = transition(toWebhook(item));
    if (outcome.outcome === 'unchanged') return outcome;
    const written = await table.put(toItem(outcome), atVersion(item.version));
    if (written.outcome === 'written') return outcome;
    item = written.current;
  }
  throw new TransactionConflictError(`Webhook ${webhookId} kept changing`);
}

function toItem({ webhook, events }: Change): WebhookItem {
  const { webhookId, version } = webhook;
  return { ...webhook, ...key(webhookId), outbox: outbox({ subject: webhookId, sequence: version }, events) };
}

function toWebhook({ pk, outbox, ...webhook }: WebhookItem): Webhook {
  return webhook;
}
