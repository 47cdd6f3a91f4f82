import { OrderConfirmed, OrderPlaced, parseEvent } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { startReceiver } from '@orderly/support/receiver';
import { client, placeOrder, stockedProduct } from './api.ts';

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

it('the events of an order are posted to an endpoint, are posted again after a failure, and no more once it is deleted', async () => {
  const { webhooks } = client;
  const events = ['OrderPlaced', 'OrderConfirmed'] as const;
  const { endpointId } = await webhooks.registerEndpoint({ body: { url: receiver.url, events } });
  const arrived = (orderId: string) =>
    receiver.requests.flatMap(({ body }) => {
      const read = parseEvent(body);
      return read.outcome === 'event' && read.event.subject === orderId ? [read.event.type] : [];
    });

  const sku = await stockedProduct(9);
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });
  await eventually(async () =>
    expect(arrived(orderId).sort()).toEqual([OrderConfirmed.type, OrderPlaced.type].sort()),
  );

  receiver.status = 500;
  const { deliveryId } = await webhooks.testEndpoint({ endpointId });
  const delivery = async () =>
    (await webhooks.listDeliveries({ endpointId })).items.find((one) => one.deliveryId === deliveryId);
  await eventually(async () => expect(await delivery()).toMatchObject({ attempts: [{ status: 500 }] }));
  receiver.status = 200;
  await webhooks.retryDelivery({ deliveryId });
  await eventually(async () =>
    expect(await delivery()).toMatchObject({
      status: 'DELIVERED',
      attempts: [{ status: 500 }, { status: 200 }],
    }),
  );

  await webhooks.deleteEndpoint({ endpointId });
  expect((await webhooks.listEndpoints({})).items.map((one) => one.endpointId)).not.toContain(endpointId);
});

it('an endpoint that answers 410 is disabled, and gets what waits once its owner enables it, signed by both secrets', async () => {
  const { webhooks } = client;
  const { endpointId } = await webhooks.registerEndpoint({
    body: { url: receiver.url, events: ['OrderPlaced'] },
  });
  receiver.status = 410;
  await webhooks.testEndpoint({ endpointId });
  await eventually(async () =>
    expect(await webhooks.getEndpoint({ endpointId })).toMatchObject({
      status: 'DISABLED',
      disabledReason: 'GONE',
    }),
  );

  receiver.status = 200;
  await webhooks.rotateSecret({ endpointId });
  const { deliveryId } = await webhooks.testEndpoint({ endpointId });
  await webhooks.changeEndpoint({ endpointId, body: { status: 'ENABLED' } });

  const [, eventId] = deliveryId.split('.');
  await eventually(async () => {
    const posted = receiver.requests.find(({ headers }) => headers['webhook-id'] === eventId);
    expect(String(posted?.headers['webhook-signature']).split(' ')).toHaveLength(2);
  });
  await webhooks.deleteEndpoint({ endpointId });
});
