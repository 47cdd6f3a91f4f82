import { randomUUID } from 'node:crypto';
import { call } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeEndpoint } from '../src/adapters/endpoint-table.ts';
import { disable } from '../src/domain/endpoint.ts';
import { handler as changeHandler } from '../src/functions/change-endpoint.ts';
import { handler as deleteHandler } from '../src/functions/delete-endpoint.ts';
import { handler as getHandler } from '../src/functions/get-endpoint.ts';
import { handler as listDeliveriesHandler } from '../src/functions/list-deliveries.ts';
import { handler as listHandler } from '../src/functions/list-endpoints.ts';
import { handler as registerHandler } from '../src/functions/register-endpoint.ts';
import { handler as retryHandler } from '../src/functions/retry-delivery.ts';
import { handler as rotateHandler } from '../src/functions/rotate-secret.ts';
import { handler as testHandler } from '../src/functions/test-endpoint.ts';
import { endpointId, inContext, noon } from './builders.ts';

withResourcesOf('webhooks');

const url = 'http://127.0.0.1:9/hook';
const scope = 'webhooks:read webhooks:write';

/** A team with endpoints of its own. */
function aTenant() {
  const caller = { sub: randomUUID(), client_id: `client-${randomUUID()}`, scope };
  const path = (endpointId: string) => ({ caller, path: { endpointId } });
  return {
    caller,
    register: (body: unknown = { url, events: ['OrderPlaced'] }, headers = {}) =>
      call(registerHandler, { route: 'POST /endpoints', caller, body, headers }),
    list: () => call<{ items: unknown[] }>(listHandler, { route: 'GET /endpoints', caller }),
    get: (id: string) => call(getHandler, { route: 'GET /endpoints/{endpointId}', ...path(id) }),
    change: (id: string, body: unknown) =>
      call(changeHandler, { route: 'PATCH /endpoints/{endpointId}', ...path(id), body }),
    remove: (id: string) => call(deleteHandler, { route: 'DELETE /endpoints/{endpointId}', ...path(id) }),
    rotate: (id: string) =>
      call(rotateHandler, { route: 'POST /endpoints/{endpointId}/secret', ...path(id) }),
    test: (id: string, headers = {}) =>
      call(testHandler, { route: 'POST /endpoints/{endpointId}/test', ...path(id), headers }),
    deliveries: (id: string, query = {}) =>
      call<{ items: { deliveryId: string }[]; nextCursor?: string }>(listDeliveriesHandler, {
        ...{ route: 'GET /endpoints/{endpointId}/deliveries', ...path(id), query },
      }),
    retry: (deliveryId: string) =>
      call(retryHandler, { route: 'POST /deliveries/{deliveryId}/retry', caller, path: { deliveryId } }),
  };
}

const registeredBy = async (tenant: ReturnType<typeof aTenant>): Promise<string> =>
  String((await tenant.register()).body.endpointId);

const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `urn:orderly:problem:${code}`, status },
});

describe('POST /endpoints', () => {
  it('registers an endpoint: 201 with its location and its secret, which no other answer has', async () => {
    const tenant = aTenant();

    const { status, headers, body } = await tenant.register({
      url,
      events: ['OrderPlaced'],
      description: 'x',
    });

    const { secret, ...endpoint } = body;
    const id = String(endpoint.endpointId);
    expect({ status, headers }).toMatchObject({ status: 201, headers: { location: `/endpoints/${id}` } });
    expect(endpoint).toEqual({
      ...{ endpointId: id, url, events: ['OrderPlaced'], description: 'x' },
      ...{ status: 'ENABLED', registeredAt: expect.any(String), version: 1 },
    });
    expect(secret).toMatch(/^whsec_/);
    expect(await tenant.get(id)).toMatchObject({ status: 200, body: endpoint });
    expect((await tenant.get(id)).body).not.toHaveProperty('secret');
    expect(JSON.stringify(await storedItem('test-webhooks', { pk: 'ENDPOINTS', sk: id }))).not.toContain(
      secret,
    );
  });

  it('answers a repeat with the same key as the first time', async () => {
    const tenant = aTenant();
    const key = { 'idempotency-key': 'a-key' };

    const first = await tenant.register(undefined, key);
    const again = await tenant.register(undefined, key);

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect((await tenant.list()).body.items).toHaveLength(1);
    expect(await tenant.register({ url, events: ['OrderShipped'] }, key)).toMatchObject(
      problem(422, 'idempotency-key-reused'),
    );
    expect((await aTenant().register(undefined, key)).body.endpointId).not.toBe(first.body.endpointId);
  });

  it('by two at once with one key registers one endpoint, and the other is asked to repeat the request', async () => {
    const tenant = aTenant();
    const key = { 'idempotency-key': 'both' };

    const answers = await Promise.all([tenant.register(undefined, key), tenant.register(undefined, key)]);

    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(201);
    expect(statuses.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect((await tenant.list()).body.items).toHaveLength(1);
    expect(await tenant.register(undefined, key)).toMatchObject({ status: 201 });
  });

  it.each([
    ['an address of a private network', 'https://10.0.0.1/hook', /private/],
    ['the metadata of AWS', 'https://169.254.169.254/latest/meta-data', /link-local/],
    ['credentials', 'https://user:password@example.com', /user name or a password/],
    ['http', 'http://example.com', /https/],
    ['a name without an address', 'https://no-such-host.invalid/', /no address|could not be looked up/],
  ])('refuses %s with 422 and says why', async (_, refused, why) => {
    const answer = await aTenant().register({ url: refused, events: ['OrderPlaced'] });

    expect(answer).toMatchObject({
      ...problem(422, 'endpoint-refused'),
      body: { errors: [{ path: '/body/url', message: expect.stringMatching(why) }] },
    });
  });

  it.each([
    [{ url, events: [] }, '/body/events'],
    [{ url, events: ['OrderLost'] }, '/body/events/0'],
    [{ url: '', events: ['OrderPlaced'] }, '/body/url'],
    [{ url, events: ['OrderPlaced'], secret: 'mine' }, '/body/secret'],
  ])('is 400 for %j, and names %s', async (body, path) => {
    expect(await aTenant().register(body)).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: { errors: [{ path }] },
    });
  });

  it('gives a tenant at most 20 endpoints', async () => {
    const tenant = aTenant();
    for (let i = 0; i < 20; i++) expect(await tenant.register()).toMatchObject({ status: 201 });

    expect(await tenant.register()).toMatchObject(problem(409, 'too-many-endpoints'));
    expect((await tenant.list()).body.items).toHaveLength(20);
  });
});

describe('an endpoint of another tenant', () => {
  it('is not there, on every route', async () => {
    const [owner, other] = [aTenant(), aTenant()];
    const id = await registeredBy(owner);
    const { deliveryId } = (await owner.test(id)).body;

    expect((await other.list()).body.items).toEqual([]);
    const answers = [other.get(id), other.change(id, {}), other.remove(id), other.rotate(id), other.test(id)];
    for (const answer of [...answers, other.deliveries(id)]) {
      expect(await answer).toMatchObject(problem(404, 'endpoint-not-found'));
    }
    expect(await other.retry(String(deliveryId))).toMatchObject(problem(404, 'delivery-not-found'));
    expect(await owner.get(id)).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('is one of another subject, where the token names no client', async () => {
    const [alice, bob] = ['alice', 'bob'].map((sub) => ({ sub: `${sub}-${randomUUID()}`, scope }));
    const body = { url, events: ['OrderPlaced'] };
    const { body: registered } = await call(registerHandler, {
      route: 'POST /endpoints',
      caller: alice,
      body,
    });
    const get = { route: 'GET /endpoints/{endpointId}', path: { endpointId: String(registered.endpointId) } };

    expect(await call(getHandler, { ...get, caller: alice })).toMatchObject({ status: 200 });
    expect(await call(getHandler, { ...get, caller: bob })).toMatchObject({ status: 404 });
  });
});

describe('PATCH /endpoints/{endpointId}', () => {
  it('changes what it names', async () => {
    const tenant = aTenant();
    const id = await registeredBy(tenant);

    const changed = await tenant.change(id, { events: ['OrderShipped'], status: 'DISABLED' });

    expect(changed).toMatchObject({
      status: 200,
      body: { events: ['OrderShipped'], status: 'DISABLED', disabledReason: 'OWNER', version: 2 },
    });
    expect(await tenant.get(id)).toMatchObject({ body: changed.body });
    expect(await tenant.change(id, {})).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it('refuses a URL as POST does, and changes nothing', async () => {
    const tenant = aTenant();
    const id = await registeredBy(tenant);

    expect(await tenant.change(id, { url: 'https://192.168.1.1/' })).toMatchObject(
      problem(422, 'endpoint-refused'),
    );
    expect(await tenant.get(id)).toMatchObject({ body: { url, version: 1 } });
  });

  it('is 404 for an endpoint that does not exist', async () => {
    expect(await aTenant().change(endpointId(), {})).toMatchObject(problem(404, 'endpoint-not-found'));
  });
});

it('DELETE removes an endpoint, and answers it as it was', async () => {
  const tenant = aTenant();
  const id = await registeredBy(tenant);

  expect(await tenant.remove(id)).toMatchObject({ status: 200, body: { endpointId: id, status: 'ENABLED' } });
  expect(await tenant.get(id)).toMatchObject(problem(404, 'endpoint-not-found'));
  expect(await tenant.remove(id)).toMatchObject(problem(404, 'endpoint-not-found'));
});

it('A secret is replaced, and the one before it lasts a day', async () => {
  const tenant = aTenant();
  const id = await registeredBy(tenant);

  const { status, body } = await tenant.rotate(id);

  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ endpointId: id, secret: expect.stringMatching(/^whsec_/), previousExpiresAt: expect.any(String) },
  });
  const lasts = Date.parse(String(body.previousExpiresAt)) - Date.now();
  expect(Math.abs(lasts - 24 * 60 * 60 * 1000)).toBeLessThan(60_000);
});

it('An endpoint that the platform disables publishes WebhookEndpointDisabled', async () => {
  const tenant = aTenant();
  const id = endpointId(await registeredBy(tenant));

  await inContext(() =>
    changeEndpoint(id, (endpoint) => disable(endpoint, 'FAILING', noon.toISOString(), new Date())),
  );

  expect(await outboxOf('test-webhooks', { pk: 'ENDPOINTS', sk: id })).toMatchObject([
    { type: 'orderly.webhook-endpoint.disabled.v1', subject: id, sequence: 2, data: { reason: 'FAILING' } },
  ]);
  expect(await tenant.change(id, { status: 'ENABLED' })).toMatchObject({ body: { status: 'ENABLED' } });
  expect(await outboxOf('test-webhooks', { pk: 'ENDPOINTS', sk: id })).toBeUndefined();
});

describe('deliveries', () => {
  it('of a test are accepted and listed, and a repeat with the same key is the same one', async () => {
    const tenant = aTenant();
    const id = await registeredBy(tenant);
    const key = { 'idempotency-key': 'a-test' };

    const { status, body } = await tenant.test(id, key);

    expect({ status, body }).toMatchObject({
      status: 202,
      body: { endpointId: id, event: 'WebhookEndpointTested', status: 'PENDING', attempts: [] },
    });
    expect(body.deliveryId).toBe(`${id}.${body.eventId}`);
    expect(await tenant.test(id, key)).toMatchObject({ status: 202, body });
    expect((await tenant.deliveries(id)).body.items).toEqual([body]);
  });

  it('are listed newest first, in pages', async () => {
    const tenant = aTenant();
    const id = await registeredBy(tenant);
    const sent: unknown[] = [];
    for (let i = 0; i < 3; i++) sent.unshift((await tenant.test(id)).body.deliveryId);

    const first = await tenant.deliveries(id, { limit: '2' });
    const rest = await tenant.deliveries(id, { limit: '2', cursor: first.body.nextCursor });

    expect([...first.body.items, ...rest.body.items].map(({ deliveryId }) => deliveryId)).toEqual(sent);
    expect(rest.body.nextCursor).toBeUndefined();
  });

  it('are retried by their id', async () => {
    const tenant = aTenant();
    const id = await registeredBy(tenant);
    const { deliveryId, nextAttemptAt } = (await tenant.test(id)).body;

    const retried = await tenant.retry(String(deliveryId));

    expect(retried).toMatchObject({ status: 202, body: { deliveryId, status: 'PENDING' } });
    expect(String(retried.body.nextAttemptAt) >= String(nextAttemptAt)).toBe(true);
    expect(await tenant.retry(`${id}.${randomUUID()}`)).toMatchObject(problem(404, 'delivery-not-found'));
    expect(await tenant.retry('nonsense')).toMatchObject(problem(400, 'invalid-request'));
  });
});
