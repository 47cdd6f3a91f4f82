import type { CloudEvent } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { insertWebhook } from '../src/adapters/webhook-table.ts';
import { open } from '../src/domain/webhook.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { inContext, noon, webhookId } from './builders.ts';

withResourcesOf('webhooks');

/** There is an open webhook for the event to close: the examples of all revisions have one subject. */
async function opened({ subject }: CloudEvent): Promise<void> {
  await removeItem('test-webhooks', { pk: `WEBHOOK#${subject}` });
  await inContext(() => insertWebhook(open(webhookId(subject), noon)));
}

replaysReleasedEvents('webhooks', handler, {
  OrderPlaced: opened,
  OrderConfirmed: opened,
  OrderRejected: opened,
  OrderCancelled: opened,
  OrderShipped: opened,
});
