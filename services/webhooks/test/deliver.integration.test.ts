import { randomUUID } from 'node:crypto';
import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { startReceiver } from '@orderly/support/receiver';
import { Webhook } from 'standardwebhooks';
import { sqsRecord } from '../../../shared/functions/test/records.ts';
import { call, context, deliver } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { listDeliveries } from '../src/adapters/delivery-table.ts';
import { findEndpoint } from '../src/adapters/endpoint-table.ts';
import { handler as consumeOrderEvents } from '../src/functions/consume-order-events.ts';
import { handler as deliverEvents } from '../src/functions/deliver.ts';
import { handler as registerEndpoint } from '../src/functions/register-endpoint.ts';
import { handler as retryDelivery } from '../src/functions/retry-delivery.ts';
import { handler as rotateSecret } from '../src/functions/rotate-secret.ts';
import { endpointId } from './builders.ts';

withResourcesOf('webhooks');

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** An endpoint at the receiver. */
async function register() {
  const body = { url: `${receiver.url}/hook?of=${randomUUID()}`, events: ['OrderPlaced'] };
  const { body: endpoint } = await call(registerEndpoint, { route: 'POST /endpoints', body });
  return { id: endpointId(String(endpoint.endpointId)), secret: String(endpoint.secret), url: body.url };
}

const anEvent = (): CloudEvent => ({ ...sampleEvent(OrderPlaced), id: randomUUID(), subject: randomUUID() });

/** SQS delivers wake-ups of these endpoints. @returns the message ids of those that the function gave back */
async function wakeUp(...ids: readonly string[]): Promise<readonly string[]> {
  const Records = ids.map((id, index) => sqsRecord({ endpointId: id }, undefined, String(index)));
  const remaining = { getRemainingTimeInMillis: () => 30_000 };
  const { batchItemFailures } = await deliverEvents({ Records }, { ...context(), ...remaining });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const deliveriesOf = async (id: ReturnType<typeof endpointId>) =>
  (await listDeliveries(id, 100, undefined)).items;

/** What the receiver got at a URL. */
const receivedAt = (url: string) => receiver.requests.filter(({ path }) => url.endsWith(path));

/** The official library takes the request with each secret, and refuses it when it was changed. */
function expectSigned(
  { headers, body }: (typeof receiver.requests)[number],
  ...secrets: readonly string[]
): void {
  const signed = headers as Readonly<Record<string, string>>;
  for (const secret of secrets) {
    expect(new Webhook(secret).verify(body, signed)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secret).verify(`${body} `, signed)).toThrow();
  }
  expect(signed['webhook-signature']?.split(' ')).toHaveLength(secrets.length);
}

describe('an order event', () => {
  it('is posted to each endpoint that wants it, as it was published, and signed', async () => {
    const [one, other] = [await register(), await register()];
    const event = { ...anEvent(), addedlater: 'unknown to these contracts' };

    expect(await deliver(consumeOrderEvents, event)).toEqual([]);
    expect(await wakeUp(one.id, other.id, one.id)).toEqual([]);

    for (const { id, url, secret } of [one, other]) {
      const [request, ...more] = receivedAt(url);
      expect(more).toEqual([]);
      expect(JSON.parse(request?.body ?? '')).toEqual(event);
      expect(request?.headers).toMatchObject({
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': event.id,
      });
      if (request) expectSigned(request, secret);
      expect(await deliveriesOf(id)).toMatchObject([
        {
          eventId: event.id,
          status: 'DELIVERED',
          attempts: [{ status: 200, answer: expect.stringMatching(/^answer/) }],
        },
      ]);
    }
  });

  it('that comes again is not posted again', async () => {
    const { id, url } = await register();
    const event = anEvent();

    for (let i = 0; i < 2; i++) {
      await deliver(consumeOrderEvents, event);
      await wakeUp(id);
    }

    expect(receivedAt(url)).toHaveLength(1);
  });

  it('is signed by both secrets while one replaces the other', async () => {
    const { id, url, secret } = await register();
    const path = { endpointId: id };
    const { body } = await call(rotateSecret, { route: 'POST /endpoints/{endpointId}/secret', path });
    await deliver(consumeOrderEvents, anEvent());

    await wakeUp(id);

    const [request] = receivedAt(url);
    expect(request).toBeDefined();
    if (request) expectSigned(request, String(body.secret), secret);
  });
});

describe('an endpoint that fails', () => {
  it('gets the event again later, and by hand at once', async () => {
    const { id, url } = await register();
    receiver.status = 503;
    await deliver(consumeOrderEvents, anEvent());
    await wakeUp(id);
    const [waiting] = await deliveriesOf(id);
    expect(waiting).toMatchObject({ status: 'PENDING', failures: 1, attempts: [{ status: 503 }] });
    expect(String(waiting?.nextAttemptAt) > new Date().toISOString()).toBe(true);

    await wakeUp(id);
    expect(receivedAt(url)).toHaveLength(1);

    receiver.status = 204;
    const deliveryId = `${id}.${waiting?.eventId}`;
    await call(retryDelivery, { route: 'POST /deliveries/{deliveryId}/retry', path: { deliveryId } });
    await wakeUp(id);
    expect(receivedAt(url)).toHaveLength(2);
    expect(await deliveriesOf(id)).toMatchObject([
      { status: 'DELIVERED', attempts: [{ status: 503 }, { status: 204, answer: '' }] },
    ]);
  });

  it('by 410 gets nothing more', async () => {
    const { id, url } = await register();
    receiver.status = 410;
    await deliver(consumeOrderEvents, anEvent());
    await wakeUp(id);

    await deliver(consumeOrderEvents, anEvent());
    await wakeUp(id);

    expect(receivedAt(url)).toHaveLength(1);
    expect(await findEndpoint(id)).toMatchObject({ status: 'DISABLED', disabledReason: 'GONE' });
    expect(await deliveriesOf(id)).toMatchObject([{ status: 'FAILED' }]);
  });
});

it('A message that is no wake-up goes back to the queue, and the others are handled', async () => {
  const { id, url } = await register();
  await deliver(consumeOrderEvents, anEvent());

  expect(await wakeUp('nonsense', id)).toEqual(['0']);

  expect(receivedAt(url)).toHaveLength(1);
});

it('A wake-up of an endpoint that was deleted does nothing', async () => {
  expect(await wakeUp(randomUUID())).toEqual([]);
});
