import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Order, type OrderlyApis, orderlyClient } from '@orderly/client';
import { eventually } from '@orderly/support/eventually';
import { authorization, tokenFor } from './authorization.ts';
import { fetchDescribed } from './openapi.ts';
import { platform, urlOf } from './platform.ts';

/** An answer of the platform; `body` is the JSON it holds, or `undefined`. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A function ends what waits too long for its database, so on a busy machine it may answer 503 for a while. */
const BUSY_MS = 60_000;

/** A client of somebody, by default of one who may do everything; each answer is held against its OpenAPI document. */
function clientAs(sub?: string, scope?: string): OrderlyApis {
  const { services } = platform();
  return orderlyClient({
    urls: Object.fromEntries(Object.entries(services).map(([service, { url }]) => [service, url])),
    token: tokenFor(sub, scope),
    retryForMs: BUSY_MS,
    fetch: fetchDescribed(services),
  });
}

export const client = clientAs();

/**
 * Sends one request as it is to the platform under test, as somebody who may do everything unless `headers` say
 * otherwise: what the client cannot send, or an answer with its status and headers.
 */
export async function send<Body>(
  service: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> {
  const all = { ...(await authorization()), ...headers };
  return exchange<Body>(urlOf(service), { service, method, path, body, headers: all });
}

export interface ApiRequest {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends a request, and again as long as its service is too busy; `body` is sent as JSON, a string as it is. The caller
 * says what the answer holds.
 *
 * @throws Error for an answer that the service's OpenAPI document does not describe
 */
export async function exchange<Body>(url: string, request: ApiRequest): Promise<Answer<Body>> {
  const { service, method, path, body, headers } = request;
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    const response = await fetchDescribed({ [service]: { url } })(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    if (response.status === 503 && Date.now() < deadline) {
      await setTimeout(Number(response.headers.get('retry-after') ?? 1) * 1_000);
      continue;
    }
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }
}

/** A new product with so many pieces, at 2.50 EUR; the orders service knows it a moment later. */
export async function stockedProduct(pieces: number): Promise<string> {
  const sku = `SKU-${randomUUID().slice(0, 8)}`;
  await client.inventory.putProduct({ sku, body: { name: `Test ${sku}`, price: 250, currency: 'EUR' } });
  if (pieces > 0) {
    const body = { quantity: pieces, reason: 'test' };
    await client.inventory.adjustStock({ sku, body, idempotencyKey: randomUUID() });
  }
  return sku;
}

export interface OrderRequest {
  readonly lines: readonly (readonly [sku: string, quantity: number])[];
  readonly customerId?: string;
  readonly key?: string;
}

const newCustomer = () => `customer-${randomUUID().slice(0, 8)}`;

/** Asks for an order as the customer, whatever the answer. */
export async function requestOrder<Body = Order>(request: OrderRequest): Promise<Answer<Body>> {
  const { lines, customerId = newCustomer(), key = randomUUID() } = request;
  const headers = { 'idempotency-key': key, ...(await authorization(customerId, 'orders:write')) };
  return send('orders', 'POST', '/orders', orderBody(lines, customerId), headers);
}

export const orderBody = (lines: OrderRequest['lines'], customerId: string) => ({
  customer: { id: customerId, email: `${customerId}@example.com` },
  lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
});

/** Places an order, as soon as its products are known to the orders service. @throws unless it is accepted in time */
export async function placeOrder(request: OrderRequest): Promise<Order> {
  const { lines, customerId = newCustomer(), key: idempotencyKey = randomUUID() } = request;
  const { orders } = clientAs(customerId, 'orders:write');
  return eventually(() => orders.placeOrder({ idempotencyKey, body: orderBody(lines, customerId) }));
}

/** One order for each number of pieces, all at once; waits until every one is confirmed. */
export async function confirmedOrders(
  sku: string,
  pieces: readonly number[],
  customerId?: string,
): Promise<readonly Order[]> {
  const orders = await Promise.all(
    pieces.map((quantity) => placeOrder({ lines: [[sku, quantity]], ...(customerId && { customerId }) })),
  );
  for (const { orderId } of orders) await reaches(orderId, 'CONFIRMED');
  return orders;
}

export const getOrder = (orderId: string) => client.orders.getOrder({ orderId });

export const getProduct = (sku: string) => client.inventory.getProduct({ sku });

export const getNotifications = async (orderId: string) =>
  (await client.notifications.listNotifications({ orderId })).items;

/** Waits until an order has a status. @returns it */
export const reaches = (orderId: string, status: Order['status']): Promise<Order> =>
  eventually(async () => {
    const order = await getOrder(orderId);
    expect(order.status).toBe(status);
    return order;
  });

/** The stock of a product as `[onHand, reserved, available]`. */
export async function stockOf(sku: string): Promise<readonly number[]> {
  const { onHand, reserved, available } = await getProduct(sku);
  return [onHand, reserved, available];
}
