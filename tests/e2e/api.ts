import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { authorization } from './authorization.ts';
import { eventually } from './eventually.ts';
import { expectDescribed } from './openapi.ts';
import { urlOf } from './platform.ts';

/** An answer of the platform; `body` is the JSON it holds, or `undefined`. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface OrderBody {
  readonly orderId: string;
  readonly status: string;
  readonly version: number;
  readonly total: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly lineTotal: number }[];
  readonly shortages?: readonly {
    readonly sku: string;
    readonly requested: number;
    readonly available: number;
  }[];
}

export interface ProductBody {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface NotificationBody {
  readonly kind: string;
  readonly status: string;
  readonly attempts: number;
}

export interface ListBody<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** Sends one request to the platform under test, as somebody who may do everything unless `headers` say otherwise. */
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

/** A function ends what waits too long for its database, so on a busy machine it may answer 503 for a while. */
const BUSY_MS = 60_000;

/**
 * Sends a request, and again as long as its service is too busy; `body` is sent as JSON, a string as it is. The caller
 * says what the answer holds.
 *
 * @throws Error for an answer that the service's OpenAPI document does not describe
 */
export async function exchange<Body>(url: string, request: ApiRequest): Promise<Answer<Body>> {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    const answer = await sendOnce<Body>(url, request);
    if (answer.status !== 503 || Date.now() > deadline) return answer;
    await setTimeout(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
  }
}

async function sendOnce<Body>(
  url: string,
  { service, method, path, body, headers }: ApiRequest,
): Promise<Answer<Body>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { status } = response;
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  expectDescribed(service, method, path, { status, headers: new Map(response.headers), body: answer });
  return { status, headers: response.headers, body: answer as Body };
}

/** A new product with so many pieces, at 2.50 EUR; the orders service may hear of it a moment later. */
export async function stockedProduct(pieces: number): Promise<string> {
  const sku = `SKU-${randomUUID().slice(0, 8)}`;
  await send('inventory', 'PUT', `/products/${sku}`, { name: `Test ${sku}`, price: 250, currency: 'EUR' });
  if (pieces > 0) {
    const adjustment = { quantity: pieces, reason: 'test' };
    const once = { 'idempotency-key': randomUUID() };
    await send('inventory', 'POST', `/products/${sku}/adjustments`, adjustment, once);
  }
  return sku;
}

export interface OrderRequest {
  readonly lines: readonly (readonly [sku: string, quantity: number])[];
  readonly customerId?: string;
  readonly key?: string;
}

/** Asks for an order as the customer, whatever the answer. */
export async function requestOrder<Body = OrderBody>({
  lines,
  customerId = `customer-${randomUUID().slice(0, 8)}`,
  key = randomUUID(),
}: OrderRequest): Promise<Answer<Body>> {
  const headers = { 'idempotency-key': key, ...(await authorization(customerId, 'orders:write')) };
  return send('orders', 'POST', '/orders', orderBody(lines, customerId), headers);
}

export function orderBody(lines: OrderRequest['lines'], customerId: string): object {
  return {
    customer: { id: customerId, email: `${customerId}@example.com` },
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
  };
}

/** Places an order, as soon as its products are known to the orders service. @throws unless it answers 201 in time */
export async function placeOrder(request: OrderRequest): Promise<OrderBody> {
  const key = request.key ?? randomUUID();
  return eventually(async () => {
    const { status, body } = await requestOrder({ ...request, key });
    if (status !== 201) throw new Error(`POST /orders answered ${status}: ${JSON.stringify(body)}`);
    return body;
  });
}

/** One order for each number of pieces, all at once; waits until every one is confirmed. */
export async function confirmedOrders(
  sku: string,
  pieces: readonly number[],
  customerId?: string,
): Promise<readonly OrderBody[]> {
  const orders = await Promise.all(
    pieces.map((quantity) => placeOrder({ lines: [[sku, quantity]], ...(customerId && { customerId }) })),
  );
  for (const { orderId } of orders) {
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
  }
  return orders;
}

export async function getOrder(orderId: string): Promise<OrderBody> {
  return (await send<OrderBody>('orders', 'GET', `/orders/${orderId}`)).body;
}

export async function getProduct(sku: string): Promise<ProductBody> {
  return (await send<ProductBody>('inventory', 'GET', `/products/${sku}`)).body;
}

export async function getNotifications(orderId: string): Promise<readonly NotificationBody[]> {
  const path = `/notifications?orderId=${orderId}`;
  return (await send<ListBody<NotificationBody>>('notifications', 'GET', path)).body.items;
}

/** The stock of a product as `[onHand, reserved, available]`. */
export async function stockOf(sku: string): Promise<readonly number[]> {
  const { onHand, reserved, available } = await getProduct(sku);
  return [onHand, reserved, available];
}
