import {
  Currency,
  type NewEvent,
  OrderConfirmed,
  type OrderId,
  Price,
  ProductUpserted,
  Sku,
  StockReserved,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import * as v from 'valibot';
import { type Call, call, deliver, seal } from '../../platform/invoke.ts';
import type { ConsumerOf, RouteOf } from './services.ts';

export const skus = ['MUG', 'KETTLE', 'toString', '0'];
export const customers = ['alice', 'bob', 'constructor'];

/** At which nobody listens, so that no event leaves this machine: tcpmux (RFC 1078). */
export const endpointUrls = ['http://127.0.0.1:1/orderly', 'http://localhost:1/?to=orderly'];

/** What asks a route as `caller`, if it is given. */
const asking =
  (routes: readonly RouteOf[]) =>
  <Body>(route: string, request: Omit<Call, 'route'>) => {
    const found = routes.find((one) => one.route === route);
    if (found === undefined) throw new TypeError(`There is no route ${route}`);
    return call<Body>(found.handler, { route, ...request });
  };

/**
 * Something to find, to order and to move: products with stock, orders of every customer, every other one confirmed.
 *
 * @returns the ids of the orders, always the same, with their customers
 */
export async function stock(
  routes: readonly RouteOf[],
  consumers: readonly ConsumerOf[],
): Promise<ReadonlyMap<string, string>> {
  const ask = asking(routes);
  const tell = async (event: NewEvent, subject: string) => {
    for (const { wanted, handler } of consumers) {
      if (wanted.some(({ type }) => type === event.type)) await deliver(handler, seal(event, { subject }));
    }
  };
  for (const sku of skus) {
    const details = { name: sku, price: 1250, currency: 'EUR', onSale: true } as const;
    await ask('PUT /products/{sku}', { path: { sku }, body: details });
    const delivery = { quantity: 1_000_000, reason: 'to begin with' };
    await ask('POST /products/{sku}/adjustments', { path: { sku }, body: delivery });
    await tell(ProductUpserted.of(v.parse(ProductData, { sku, ...details })), sku);
  }
  const owners = new Map<string, string>();
  const buyers = Array.from({ length: 24 }, (_, index) => customers[index % customers.length] ?? '');
  for (const [index, id] of buyers.entries()) {
    const line = { sku: v.parse(Sku, 'MUG'), quantity: 1 };
    const body = { customer: { id, email: 'customer@example.com' }, lines: [line] };
    const headers = { 'idempotency-key': `order-${index}` };
    const { status, body: order } = await ask<{ readonly orderId: OrderId }>('POST /orders', {
      body,
      headers,
    });
    if (status !== 201) throw new Error(`No order could be placed: ${JSON.stringify(order)}`);
    const { orderId } = order;
    owners.set(orderId, id);
    const reserved = StockReserved.of({ orderId, lines: [line], reservedAt: new Date().toISOString() });
    if (index % 2 === 0) await tell(reserved, orderId);
  }
  return owners;
}

const ProductData = v.object({
  sku: Sku,
  name: v.string(),
  price: Price,
  currency: Currency,
  onSale: v.boolean(),
});

/** Endpoints, and deliveries that wait for them. */
export interface StockedEndpoints {
  /** Who owns each of them; `undefined` is whoever has no token. */
  readonly tenants: ReadonlyMap<string, string | undefined>;
  readonly deliveryIds: readonly string[];
}

/** Several endpoints of every customer and of callers without a token, always the same, each with an event that waits. */
export async function stockEndpoints(
  routes: readonly RouteOf[],
  consumers: readonly ConsumerOf[],
): Promise<StockedEndpoints> {
  const ask = asking(routes);
  const tenants = new Map<string, string | undefined>();
  const owners = [undefined, undefined, ...customers].flatMap((owner) => Array(4).fill(owner));
  for (const [index, owner] of (owners as readonly (string | undefined)[]).entries()) {
    const { status, body } = await ask<{ readonly endpointId: string }>('POST /endpoints', {
      body: { url: endpointUrls[0], events: ['OrderConfirmed', 'OrderShipped'] },
      headers: { 'idempotency-key': `endpoint-${index}` },
      caller: owner === undefined ? undefined : { sub: owner, scope: 'webhooks:write' },
    });
    if (status !== 201) throw new Error(`No endpoint could be registered: ${JSON.stringify(body)}`);
    tenants.set(body.endpointId, owner);
  }
  const event = { ...sampleEvent(OrderConfirmed), id: '00000000-0000-4000-8000-000000000001' };
  for (const { service, handler } of consumers) {
    if (service === 'webhooks') await deliver(handler, event);
  }
  return { tenants, deliveryIds: [...tenants.keys()].map((endpointId) => `${endpointId}.${event.id}`) };
}
