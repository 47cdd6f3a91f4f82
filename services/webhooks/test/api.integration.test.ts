import { call } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeWebhook } from '../src/adapters/webhook-table.ts';
import { close } from '../src/domain/webhook.ts';
import { handler as getWebhook } from '../src/functions/get-webhook.ts';
import { handler as openWebhook } from '../src/functions/open-webhook.ts';
import { inContext, webhookId } from './builders.ts';

withResourcesOf('webhooks');

const open = (body: unknown) => call(openWebhook, { route: 'POST /webhooks', body });
const get = (id: string) => call(getWebhook, { route: 'GET /webhooks/{webhookId}', path: { webhookId: id } });
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `urn:orderly:problem:${code}`, status },
});

describe('POST /webhooks', () => {
  it('opens a webhook: 201, with its location and its event', async () => {
    const id = webhookId();

    const answer = await open({ webhookId: id });

    expect(answer).toMatchObject({ status: 201, headers: { location: `/webhooks/${id}` } });
    expect(answer.body).toEqual({ webhookId: id, status: 'OPEN', version: 1, openedAt: expect.any(String) });
    expect(await get(id)).toMatchObject({ status: 200, body: answer.body });
    expect(await outboxOf('test-webhooks', { pk: `WEBHOOK#${id}` })).toMatchObject([
      { type: 'orderly.webhook.opened.v1', subject: id, sequence: 1, data: { webhookId: id } },
    ]);
  });

  it('answers a repeat as the first time, also after the webhook was closed', async () => {
    const id = webhookId();
    const first = await open({ webhookId: id });
    await inContext(() => changeWebhook(id, (webhook) => close(webhook, new Date())));

    const again = await open({ webhookId: id });

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await get(id)).toMatchObject({ status: 200, body: { status: 'CLOSED', version: 2 } });
  });

  it('by many at once opens it once', async () => {
    const id = webhookId();

    const answers = await Promise.all(Array.from({ length: 5 }, () => open({ webhookId: id })));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await get(id)).toMatchObject({ body: { version: 1 } });
  });

  it('is 400 for an id that is none', async () => {
    expect(await open({ webhookId: 'a/b' })).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: { errors: [{ path: '/body/webhookId' }] },
    });
  });
});

it('GET /webhooks/{webhookId} is 404 for a webhook that does not exist', async () => {
  expect(await get(webhookId())).toMatchObject(problem(404, 'webhook-not-found'));
});
