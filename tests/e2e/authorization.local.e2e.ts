import { randomUUID } from 'node:crypto';
import type { Delivery, Order, RegisteredEndpoint } from '@orderly/client';
import { requestToken } from '@orderly/local/issuer';
import { services } from '@orderly/local/services';
import { eventually } from '@orderly/support/eventually';
import { type OwnPlatform, startOwnPlatform, urlOf } from '@orderly/support/platform';
import { onlyRefuses, readRoutes } from '../../tools/codegen/documents/platform.ts';
import { type Answer, type ApiRequest, exchange, orderBody } from './api.ts';
import { badTokens } from './bad-tokens.ts';
import { cloudUnderTest } from './cloud.ts';

/** Every route of every service, as serverless.yml declares it, with everything that can be wrong with a token. */
const routes = services.flatMap((service) =>
  readRoutes(service)
    .filter((route) => !onlyRefuses(route))
    .map((route) => ({ ...route, service })),
);
type Route = (typeof routes)[number];

/** What the right request of a route has beside its path. */
const requests: Readonly<Record<string, { query?: (ids: Ids) => string; body?: (ids: Ids) => object }>> = {
  'POST /orders': { body: ({ sku, customerId }) => orderBody([[sku, 1]], customerId) },
  'GET /orders': { query: ({ customerId }) => `customerId=${customerId}` },
  'PUT /products/{sku}': { body: () => ({ name: 'Mug', price: 250, currency: 'EUR' }) },
  'POST /products/{sku}/adjustments': { body: () => ({ quantity: 100, reason: 'test' }) },
  'GET /notifications': { query: ({ orderId }) => `orderId=${orderId}` },
  'POST /endpoints': { body: () => ({ url: receiverUrl, events: ['OrderShipped'] }) },
  'PATCH /endpoints/{endpointId}': { body: () => ({ description: 'changed' }) },
};

/** Nothing listens at port 9 (discard), and nothing is shipped to it here but test events. */
const receiverUrl = 'http://127.0.0.1:9/';

/** What somebody else's customer gets to see; a route that is not in here has no test of that, and fails. */
const toOtherCustomers: Readonly<
  Record<string, 'as if it did not exist' | 403 | 'belongs to nobody' | 'only their own'>
> = {
  'POST /orders': 403,
  'GET /orders': 'as if it did not exist',
  'GET /orders/{orderId}': 'as if it did not exist',
  'POST /orders/{orderId}/cancel': 'as if it did not exist',
  // Not even their own.
  'POST /orders/{orderId}/ship': 403,
  'PUT /products/{sku}': 'belongs to nobody',
  'GET /products/{sku}': 'belongs to nobody',
  'GET /products': 'belongs to nobody',
  'POST /products/{sku}/adjustments': 'belongs to nobody',
  'GET /notifications': 'as if it did not exist',
  'POST /endpoints': 'belongs to nobody',
  'GET /endpoints': 'only their own',
  'GET /endpoints/{endpointId}': 'as if it did not exist',
  'PATCH /endpoints/{endpointId}': 'as if it did not exist',
  'DELETE /endpoints/{endpointId}': 'as if it did not exist',
  'POST /endpoints/{endpointId}/secret': 'as if it did not exist',
  'POST /endpoints/{endpointId}/test': 'as if it did not exist',
  'GET /endpoints/{endpointId}/deliveries': 'as if it did not exist',
  'POST /deliveries/{deliveryId}/retry': 'as if it did not exist',
};

interface Ids {
  readonly orderId: string;
  readonly sku: string;
  readonly customerId: string;
  readonly endpointId: string;
  readonly deliveryId: string;
}

const nothing: Ids = { ...{ orderId: '', sku: '', customerId: '', endpointId: '', deliveryId: '' } };

let own: OwnPlatform;
let issuer: string;
let alices: Ids;

const everyScope = [...new Set(routes.flatMap(({ scopes }) => scopes))];
/** What customers and tenants have: no scope that acts for others, or changes what is sold. */
const customerScopes =
  'orders:write orders:read notifications:read inventory:read webhooks:write webhooks:read';
const token = (sub: string, scope: string, claims = {}) => requestToken(issuer, { sub, scope, claims });

function requestOf({ service, route }: Route, ids: Ids, authorization: string | undefined): ApiRequest {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name]);
  const { query, body } = requests[route] ?? {};
  return {
    service,
    method,
    path: query ? `${path}?${query(ids)}` : path,
    ...(body && { body: body(ids) }),
    headers: authorization === undefined ? {} : { authorization },
  };
}

function call<Body = unknown>(route: Route, ids: Ids, authorization?: string): Promise<Answer<Body>> {
  const url = urlOf(own.record, route.service);
  return exchange<Body>(url, requestOf(route, ids, authorization));
}

const routeOf = (wanted: string): Route => {
  const found = routes.find(({ route }) => route === wanted);
  if (found === undefined) throw new Error(`There is no route ${wanted}`);
  return found;
};

/** An order of a customer that is confirmed, and its customer notified. */
async function confirmedOrder(customerId: string, sku: string): Promise<Ids> {
  const ids = { ...nothing, sku, customerId };
  const own = `Bearer ${await token(customerId, customerScopes)}`;
  const orderId = await eventually(async () => {
    const { status, body } = await call<Order>(routeOf('POST /orders'), ids, own);
    expect(status).toBe(201);
    return body.orderId;
  });
  const placed: Ids = { ...ids, orderId };
  await eventually(async () => {
    const { body } = await call<{ items: object[] }>(routeOf('GET /notifications'), placed, own);
    expect(body.items).toHaveLength(1);
  });
  return placed;
}

/** An endpoint of a tenant, and a delivery to it. */
async function testedEndpoint(tenant: string): Promise<Pick<Ids, 'endpointId' | 'deliveryId'>> {
  const own = `Bearer ${await token(tenant, 'webhooks:write')}`;
  const { body: endpoint } = await call<RegisteredEndpoint>(routeOf('POST /endpoints'), nothing, own);
  const ids = { ...nothing, endpointId: endpoint.endpointId };
  const { body: test } = await call<Delivery>(routeOf('POST /endpoints/{endpointId}/test'), ids, own);
  return { endpointId: endpoint.endpointId, deliveryId: test.deliveryId };
}

beforeAll(async () => {
  own = await startOwnPlatform({ cloud: cloudUnderTest(), stage: `auth${process.pid}`, auth: true });
  issuer = own.record.issuer ?? '';
  const sku = `SKU-${randomUUID().slice(0, 8)}`;
  const operator = `Bearer ${await token('operator', 'inventory:write')}`;
  const product = { ...nothing, sku };
  await call(routeOf('PUT /products/{sku}'), product, operator);
  await call(routeOf('POST /products/{sku}/adjustments'), product, operator);
  alices = { ...(await confirmedOrder('alice', sku)), ...(await testedEndpoint('alice')) };
});

afterAll(() => own?.stop());

const unauthorized = { status: 401, body: { message: 'Unauthorized' } };
const forbidden = { status: 403, body: { message: 'Forbidden' } };

/** But for the ids of what is asked for, and of the request. */
function comparable({ status, body }: Answer<unknown>, { orderId, endpointId, deliveryId }: Ids): unknown {
  const { requestId, ...rest }: { requestId?: string } = Object(body);
  const text = [deliveryId, endpointId, orderId].reduce(
    (left, id) => left.replaceAll(id, '<id>'),
    JSON.stringify(rest),
  );
  return { status, body: text };
}

/** What is Alice's, as she sees it: her order and her endpoint. */
async function seenByAlice(): Promise<unknown> {
  const own = `Bearer ${await token('alice', customerScopes)}`;
  const order = await call(routeOf('GET /orders/{orderId}'), alices, own);
  const endpoint = await call(routeOf('GET /endpoints/{endpointId}'), alices, own);
  expect([order.status, endpoint.status]).toEqual([200, 200]);
  return [order.body, endpoint.body];
}

it('knows every route', () => {
  expect(routes.length).toBeGreaterThan(9);
  expect(routes.filter(({ scopes }) => scopes.length === 0)).toEqual([]);
});

/** What the answer to the right request names. */
function shownBy({ service, route }: Route, { sku, orderId, endpointId }: Ids): string {
  if (route === 'POST /orders') return '"alice"';
  if (route === 'POST /endpoints') return receiverUrl;
  return { inventory: sku, webhooks: endpointId }[service] ?? orderId;
}

describe.each(routes)('$route', (route) => {
  const scope = route.scopes.join(' ');

  it('is 401 without a token', async () => {
    const answer = await call(route, alices);

    expect(answer).toMatchObject(unauthorized);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(badTokens)('is 401 with a token %s', async (_what, make) => {
    const answer = await call(
      route,
      alices,
      `Bearer ${await make((claims) => token('alice', scope, claims))}`,
    );

    expect(answer).toMatchObject(unauthorized);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('is 403 with a token that has every scope but those of the route', async () => {
    const others = everyScope.filter((each) => !route.scopes.includes(each)).join(' ');

    const answer = await call(route, alices, `Bearer ${await token('alice', others)}`);

    expect(answer).toMatchObject(forbidden);
    expect(answer.headers.has('www-authenticate')).toBe(false);
  });

  it('shows another customer nothing, and changes nothing for them', async () => {
    const kept = await seenByAlice();
    const mallorys = `Bearer ${await token('mallory', customerScopes)}`;
    const expected = toOtherCustomers[route.route];
    const endpointId = randomUUID();
    const absent = {
      ...alices,
      ...{ orderId: randomUUID(), customerId: `nobody-${randomUUID()}` },
      ...{ endpointId, deliveryId: `${endpointId}.${randomUUID()}` },
    };

    const answer = await call(route, alices, mallorys);

    expect(expected).toBeDefined();
    if (expected === 403) expect(answer.status).toBe(403);
    if (expected === 'as if it did not exist') {
      expect(comparable(answer, alices)).toEqual(comparable(await call(route, absent, mallorys), absent));
    }
    if (expected === 'only their own') expect(JSON.stringify(answer.body)).not.toContain(alices.endpointId);
    expect(await seenByAlice()).toEqual(kept);
  });

  it.each(route.scopes)('is answered to a token with %s', async (one) => {
    const ids = {
      ...alices,
      ...(route.route.includes('{orderId}') && {
        orderId: (await confirmedOrder('alice', alices.sku)).orderId,
      }),
      ...(route.service === 'webhooks' && (await testedEndpoint('alice'))),
    };
    const sub = one === 'orders:admin' ? 'operator' : 'alice';

    const answer = await call(route, ids, `Bearer ${await token(sub, one)}`);

    expect(answer.status).toBeLessThan(300);
    expect(JSON.stringify(answer.body)).toContain(shownBy(route, ids));
  });
});

it("another customer with the same idempotency key gets an order of their own, and the first one's none", async () => {
  const key = randomUUID();
  const url = urlOf(own.record, 'orders');
  const place = async (customerId: string) => {
    const authorization = `Bearer ${await token(customerId, 'orders:write')}`;
    const body = orderBody([[alices.sku, 1]], customerId);
    const headers = { authorization, 'idempotency-key': key };
    return exchange<Order>(url, { service: 'orders', method: 'POST', path: '/orders', body, headers });
  };

  const [alice, mallory] = [await place('alice'), await place('mallory')];

  expect([alice.status, mallory.status]).toEqual([201, 201]);
  expect(mallory.body).toMatchObject({ customer: { id: 'mallory' } });
  expect(mallory.body.orderId).not.toBe(alice.body.orderId);
});

it('does not let a caller choose their own claims', async () => {
  const claims = { sub: 'operator', scope: 'orders:admin' };
  const url = urlOf(own.record, 'orders');
  const authorization = `Bearer ${await token('mallory', 'orders:read')}`;
  const headers = { authorization, 'sls-offline-authorizer-override': JSON.stringify({ jwt: { claims } }) };

  const { status } = await exchange(url, {
    service: 'orders',
    method: 'GET',
    path: `/orders/${alices.orderId}`,
    headers,
  });

  expect(status).toBe(404);
});

it('needs no token to answer 404 and 405', async () => {
  for (const [service, { url }] of Object.entries(own.record.services)) {
    const request = { service, headers: {} };
    const notThere = await exchange(url, { ...request, method: 'GET', path: '/no-such-path' });
    const [first] = routes.filter((route) => route.service === service);
    const path = first?.route.split(' ')[1]?.replace(/\{\w+\}/, 'any') ?? '';

    expect(notThere.status).toBe(404);
    expect((await exchange(url, { ...request, method: 'PATCH', path })).status).toBe(405);
  }
});
