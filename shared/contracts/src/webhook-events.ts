import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { anyText } from './limits.ts';
import { Timestamp } from './values.ts';

export const WebhookId = v.pipe(
  anyText('The id of a webhook'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
    'The id of a webhook is 1 to 128 letters, digits, ".", "_", ":" or "-", and begins with a letter or a digit',
  ),
  v.brand('WebhookId'),
  v.description('The id of a webhook: that of what it is about.'),
);
export type WebhookId = v.InferOutput<typeof WebhookId>;

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/* @__NO_SIDE_EFFECTS__ */
const webhookEvent = <const Type extends string, const More extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly description: string;
  /** Fields beside those that every webhook has. */
  readonly more: More;
}) =>
  defineEvent({
    topic: 'webhook-events',
    type: event.type,
    description: event.description,
    data: v.object({ webhookId: WebhookId, openedAt: Timestamp, ...event.more }),
  });

export const WebhookOpened = webhookEvent({
  type: 'orderly.webhook.opened.v1',
  description: 'A webhook was opened.',
  more: {},
});

export const WebhookClosed = webhookEvent({
  type: 'orderly.webhook.closed.v1',
  description: 'A webhook was closed. No further change follows.',
  more: { closedAt: Timestamp },
});
