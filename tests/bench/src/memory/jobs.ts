import { randomUUID } from 'node:crypto';
import { OrderConfirmed, OrderPlaced, ProductUpserted } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { line, newSku, orderData, orderId } from '@orderly/support/builders';
import { sqsRecord, streamRecord } from '../../../../shared/functions/test/records.ts';

/** Calls a packaged function, `<service>/<function>`, with these events one after the other. @returns its answers */
export type Invoke = (name: string, events: readonly object[]) => Promise<readonly unknown[]>;

/** What a function is measured with. */
export interface Job {
  /** `<service>/<function>` */
  readonly name: string;
  /** Whether a person waits for it: who sends the request, or a customer for the notification. */
  readonly isAwaited: boolean;
  /** As many events, each of which makes it do the whole of its work. */
  readonly events: (count: number) => Promise<readonly object[]> | readonly object[];
  /** What every answer has. */
  readonly answer: object;
}

/** Products of an order, as in docs/cost.md. */
const skus = [newSku(), newSku(), newSku()];
const details = { name: 'Mug, white, 300 ml', price: 1250, currency: 'EUR' };

const http = (body: object, pathParameters: object = {}) => ({
  headers: { 'content-type': 'application/json' },
  requestContext: { requestId: randomUUID(), http: { method: 'POST' } },
  rawPath: '/',
  pathParameters,
  body: JSON.stringify(body),
});

const messageOf = (event: { readonly subject: string }) => ({ Records: [sqsRecord(event, event.subject)] });
const times = (count: number, make: () => object) => Array.from({ length: count }, make);
const placed = () => {
  const id = orderId();
  const lines = skus.map((sku) => line(sku, 1));
  return sampleEvent(OrderPlaced, { id: randomUUID(), subject: id, data: orderData(id, lines) });
};
const confirmed = () => {
  const id = orderId();
  return sampleEvent(OrderConfirmed, { id: randomUUID(), subject: id, data: { orderId: id } });
};
const handled = { batchItemFailures: [] };

/** Puts the products into the shop, with more pieces than are wanted. */
async function stock(invoke: Invoke): Promise<void> {
  const each = skus.map((sku) => ({ path: { sku }, upserted: { ...details, sku, onSale: true } }));
  await invoke(
    'inventory/put-product',
    each.map(({ path }) => http(details, path)),
  );
  await invoke(
    'inventory/adjust-stock',
    each.map(({ path }) => http({ quantity: 1_000_000, reason: 'first delivery' }, path)),
  );
  await invoke(
    'orders/consume-inventory-events',
    each.map(({ upserted }) =>
      messageOf(sampleEvent(ProductUpserted, { id: randomUUID(), subject: upserted.sku, data: upserted })),
    ),
  );
}

/** @returns the ids of as many endpoints, all at one server */
async function register(invoke: Invoke, url: string, count: number): Promise<readonly string[]> {
  const requests = times(count, () => http({ url, events: ['OrderPlaced'] }));
  const answers = await invoke('webhooks/register-endpoint', requests);
  return answers.map((answer) => JSON.parse(Object(answer).body).endpointId as string);
}

/**
 * One function of each kind: one that answers a request, a consumer, a publisher, the one that mails, and the one that
 * posts to endpoints.
 *
 * @param endpointUrl a server that accepts events
 * @param mostEvents the most that one of them is asked for at once; 20 at most, as a tenant may have so many endpoints
 */
export async function prepareJobs(
  invoke: Invoke,
  endpointUrl: string,
  mostEvents: number,
): Promise<readonly Job[]> {
  await stock(invoke);
  const endpoints = await register(invoke, endpointUrl, mostEvents);
  const customer = { id: 'customer-0001', email: 'customer-0001@example.com' };
  const order = { customer, lines: skus.map((sku) => ({ sku, quantity: 2 })) };
  return [
    {
      name: 'orders/place-order',
      isAwaited: true,
      events: (count) => times(count, () => http(order)),
      answer: { statusCode: 201 },
    },
    {
      name: 'inventory/consume-order-events',
      isAwaited: true,
      events: (count) => times(count, () => messageOf(placed())),
      answer: handled,
    },
    {
      name: 'orders/publish-events',
      isAwaited: true,
      events: (count) => times(count, () => ({ Records: [streamRecord('1', placed())] })),
      answer: handled,
    },
    {
      name: 'notifications/consume-order-events',
      isAwaited: true,
      events: (count) => times(count, () => messageOf(confirmed())),
      answer: handled,
    },
    {
      name: 'webhooks/deliver',
      isAwaited: false,
      events: async (count) => {
        // One delivery to each endpoint.
        await invoke('webhooks/consume-order-events', [messageOf(placed())]);
        return endpoints.slice(0, count).map((endpointId) => ({ Records: [sqsRecord({ endpointId })] }));
      },
      answer: handled,
    },
  ];
}
