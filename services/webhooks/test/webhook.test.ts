import { parse, WebhookClosed, WebhookOpened } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import { asOpened, close, open } from '../src/domain/webhook.ts';
import { noon, oneOClock, webhookId } from './builders.ts';

const id = webhookId();
const [openedAt, closedAt] = [noon.toISOString(), oneOClock.toISOString()];
const opened = open(id, noon);

it('a new webhook is OPEN, in version 1, and is published', () => {
  expect(opened).toEqual({
    outcome: 'changed',
    webhook: { webhookId: id, status: 'OPEN', version: 1, openedAt },
    events: [WebhookOpened.of({ webhookId: id, openedAt })],
  });
});

it('closing an OPEN webhook makes it CLOSED, in a new version, and publishes that', () => {
  expect(close(opened.webhook, oneOClock)).toEqual({
    outcome: 'changed',
    webhook: { webhookId: id, status: 'CLOSED', version: 2, openedAt, closedAt },
    events: [WebhookClosed.of({ webhookId: id, openedAt, closedAt })],
  });
});

it('closing a CLOSED webhook changes and publishes nothing', () => {
  const { webhook } = close(opened.webhook, noon);

  expect(close(webhook, oneOClock)).toEqual({ outcome: 'unchanged', webhook });
});

it('a CLOSED webhook is known as it was opened', () => {
  expect(asOpened(close(opened.webhook, oneOClock).webhook)).toEqual(opened.webhook);
});

it.each([
  [WebhookOpened, WebhookOpened.of({ webhookId: id, openedAt })],
  [WebhookClosed, WebhookClosed.of({ webhookId: id, openedAt, closedAt })],
])('$type obeys its schema', ({ schema }, event) => {
  expect(parse<unknown>(schema, seal(event, { subject: id }))).toMatchObject({ outcome: 'valid' });
});
