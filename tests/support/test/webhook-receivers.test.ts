import { createHmac, randomUUID } from 'node:crypto';
import type { OrderlyApis } from '@orderly/client';
import { type ReceiverKind, WebhookReceivers } from '../src/webhook-receivers.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const urls = new Map<string, string>();

/** The API as far as receivers use it: endpoints are named as their kinds. */
const apis = {
  webhooks: {
    registerEndpoint: async ({ body }: { readonly body: { readonly url: string } }) => {
      const endpointId = new URL(body.url).pathname.slice(1);
      urls.set(endpointId, body.url);
      return { endpointId, secret };
    },
    deleteEndpoint: async () => undefined,
  },
} as unknown as Pick<OrderlyApis, 'webhooks'>;

let receivers: WebhookReceivers;
beforeEach(async () => {
  receivers = await WebhookReceivers.open(apis, 1);
  receivers.hurry();
});
afterEach(() => receivers.close(apis));

/** @returns the status; 0 for a connection that was reset */
async function post(kind: ReceiverKind, key = secret): Promise<number> {
  const id = randomUUID();
  const hmac = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64')).update(`${id}.7.{}`);
  const headers = {
    ...{ 'webhook-id': id, 'webhook-timestamp': '7' },
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
  const url = urls.get(kind) ?? '';
  return fetch(url, { method: 'POST', body: '{}', headers }).then(
    ({ status }) => status,
    () => 0,
  );
}

const arrivalsOf = (kind: ReceiverKind) => receivers.all.find((each) => each.kind === kind)?.arrivals ?? [];

it('The well one accepts what comes, and sees whether it is signed with the endpoint’s secret', async () => {
  expect(await post('well')).toBe(200);
  expect(await post('well', 'whsec_b3RoZXI=')).toBe(200);

  expect(arrivalsOf('well').map(({ isSigned }) => isSigned)).toEqual([true, false]);
});

it('The flapping one fails about half, in both ways, and knows what it answered', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 60; n++) statuses.push(await post('flapping'));

  expect(new Set(statuses)).toEqual(new Set([200, 500, 0]));
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(15);
  expect(arrivalsOf('flapping').map(({ answer }) => (answer === 'reset' ? 0 : answer))).toEqual(statuses);
});

it('The gone one answers 410 for ever after twenty requests', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 25; n++) statuses.push(await post('gone'));

  expect(statuses).toEqual([...Array(20).fill(200), ...Array(5).fill(410)]);
});
