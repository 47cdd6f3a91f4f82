import { OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, OrderShipped } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { deliver } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { findWebhook, insertWebhook } from '../src/adapters/webhook-table.ts';
import { open } from '../src/domain/webhook.ts';
import { handler } from '../src/functions/consume-order-events.ts';
import { inContext, noon, webhookId } from './builders.ts';

withResourcesOf('webhooks');

const closing = [
  (subject: string) => sampleEvent(OrderPlaced, { subject }),
  (subject: string) => sampleEvent(OrderConfirmed, { subject }),
  (subject: string) => sampleEvent(OrderRejected, { subject }),
  (subject: string) => sampleEvent(OrderCancelled, { subject }),
  (subject: string) => sampleEvent(OrderShipped, { subject }),
];

it.each(closing.map((event) => [event('any').type, event] as const))(
  '%s closes the webhook',
  async (_type, event) => {
    const id = webhookId();
    await inContext(() => insertWebhook(open(id, noon)));
    const sent = event(id);

    const failed = [await deliver(handler, sent), await deliver(handler, sent)];

    expect(failed).toEqual([[], []]);
    expect(await findWebhook(id)).toMatchObject({ status: 'CLOSED', version: 2 });
    expect(await outboxOf('test-webhooks', { pk: `WEBHOOK#${id}` })).toMatchObject([
      { type: 'orderly.webhook.closed.v1', subject: id, sequence: 2, causationid: sent.id },
    ]);
  },
);

it('events about what has no webhook are handled and change nothing', async () => {
  const id = webhookId();

  expect(await deliver(handler, ...closing.map((event) => event(id)))).toEqual([]);
  expect(await findWebhook(id)).toBeUndefined();
});
