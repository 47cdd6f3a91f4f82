import { randomUUID } from 'node:crypto';
import { encodeCursor } from '@orderly/functions/http/cursor';
import { type Answer, type Call, call } from '../../../tests/platform/invoke.ts';
import { outboxOf, withResourcesOf } from '../../../tests/platform/resources.ts';
import { changeOrder } from '../src/adapters/order-table.ts';
import { saveProduct } from '../src/adapters/product-table.ts';
import { confirm, type Order, reject } from '../src/domain/order.ts';
import { handler as cancelOrder } from '../src/functions/cancel-order.ts';
import { handler as getOrder } from '../src/functions/get-order.ts';
import { handler as listOrders } from '../src/functions/list-orders.ts';
import { handler as placeOrder } from '../src/functions/place-order.ts';
import { handler as shipOrder } from '../src/functions/ship-order.ts';
import { newSku, product, short, sku } from './builders.ts';
import { inContext } from './stored.ts';

withResourcesOf('orders');

const mug = newSku();
const kettle = newSku();
const ada = { id: `ada-${randomUUID()}`, email: 'ada@example.com' };

beforeAll(async () => {
  await saveProduct(product(mug, 255), 1);
  await saveProduct(product(kettle, 1020), 1);
});

const basket = (...lines: (readonly [string, number])[]) => ({
  customer: ada,
  lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
});

const place = (body: unknown, key?: string, headers: Record<string, string> = {}) =>
  call<Order>(placeOrder, {
    route: 'POST /orders',
    body,
    headers: { ...(key !== undefined && { 'idempotency-key': key }), ...headers },
  });
const get = (orderId: string) => call<Order>(getOrder, { route: 'GET /orders/{orderId}', path: { orderId } });
const cancel = (orderId: string) =>
  call<Order>(cancelOrder, { route: 'POST /orders/{orderId}/cancel', path: { orderId } });
const ship = (orderId: string) =>
  call<Order>(shipOrder, { route: 'POST /orders/{orderId}/ship', path: { orderId } });
const list = (query: Record<string, string>) =>
  call<{ items: Order[]; nextCursor?: string }>(listOrders, { route: 'GET /orders', query });

const decide = (order: Order, transition: typeof confirm) =>
  inContext(() => changeOrder(order.orderId, (current) => transition(current, new Date())));
const rejected = (order: Order) => decide(order, (o, at) => reject(o, [short(mug, 1, 0)], at));
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'x-request-id': expect.any(String) },
  body: { type: `urn:orderly:problem:${code}`, status, requestId: expect.any(String) },
});

describe('POST /orders', () => {
  it('prices the order by the products known here, merges its lines, and answers its location', async () => {
    const answer = await place(basket([mug, 1], [kettle, 1], [mug, 2]));

    const { orderId } = answer.body;
    expect(answer).toMatchObject({ status: 201, headers: { location: `/orders/${orderId}` } });
    expect(answer.body).toEqual({
      orderId,
      status: 'PLACED',
      version: 1,
      customer: ada,
      currency: 'GBP',
      lines: [
        { sku: mug, name: `The ${mug}`, quantity: 3, unitPrice: 255, lineTotal: 765 },
        { sku: kettle, name: `The ${kettle}`, quantity: 1, unitPrice: 1020, lineTotal: 1020 },
      ],
      total: 1785,
      placedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await get(orderId)).toMatchObject({ status: 200, body: answer.body });
  });

  it('refuses a price from the caller', async () => {
    const cheap = { customer: ada, lines: [{ sku: mug, quantity: 1, unitPrice: 1 }], total: 1 };

    expect(await place(cheap)).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: {
        errors: [
          { path: '/body/lines/0/unitPrice', message: 'Unknown; known here: sku, quantity' },
          { path: '/body/total', message: 'Unknown; known here: customer, lines, reference, metadata' },
        ],
      },
    });
  });

  const notes = { reference: 'PO-7', metadata: { b: 'two', a: 'Für Ann 🎁', 'gift note': 'x' } };

  it('has reference and metadata in answers and events, in every status', async () => {
    const key = randomUUID();
    const { status, body: order } = await place({ ...basket([mug, 1]), ...notes }, key);
    const published = async () => (await outboxOf('test-orders', { pk: `ORDER#${order.orderId}` })) ?? [];

    expect([status, order]).toEqual([201, expect.objectContaining(notes)]);
    expect(await published()).toMatchObject([{ type: 'orderly.order.placed.v1', data: notes }]);
    await decide(order, confirm);
    expect(await published()).toMatchObject([{ type: 'orderly.order.confirmed.v1', data: notes }]);
    expect((await get(order.orderId)).body).toMatchObject(notes);
    expect((await cancel(order.orderId)).body).toMatchObject({ status: 'CANCELLED', ...notes });
    expect(await published()).toMatchObject([{ type: 'orderly.order.cancelled.v1', data: notes }]);
    const again = await place({ ...basket([mug, 1]), ...notes }, key);
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(order));
  });

  it('with other notes is another request, and with its pairs in another order the same one', async () => {
    const key = randomUUID();
    const { metadata } = notes;
    await place({ ...basket([mug, 1]), ...notes }, key);
    const turned = Object.fromEntries(Object.entries(metadata).reverse());

    expect((await place({ ...basket([mug, 1]), ...notes, metadata: turned }, key)).status).toBe(201);
    for (const other of [
      {},
      { metadata },
      { ...notes, reference: 'PO-8' },
      { ...notes, metadata: { a: 'x' } },
      { ...notes, ...basket([mug, 2]) },
      { ...notes, customer: { ...ada, email: 'eve@example.com' } },
    ]) {
      expect(await place({ ...basket([mug, 1]), ...other }, key)).toMatchObject(
        problem(422, 'idempotency-key-reused'),
      );
    }
  });

  it('is 422 for products that were taken off sale, and takes them again when they are back', async () => {
    const lamp = newSku();
    await saveProduct({ ...product(lamp, 900), onSale: false }, 1);

    expect(await place(basket([mug, 1], [lamp, 1]))).toMatchObject({
      ...problem(422, 'off-sale'),
      body: {
        detail: `Not on sale: ${lamp}`,
        errors: [{ path: '/body/lines/1/sku', message: `Not on sale: ${lamp}` }],
      },
    });
    await saveProduct(product(lamp, 900), 2);
    expect(await place(basket([lamp, 1]))).toMatchObject({ status: 201 });
  });

  it('names 100 of a thousand unknown SKUs', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => [`${'ü'.repeat(60)}${index}`, 1] as const);

    const answer = await place(basket(...lines));

    expect(answer).toMatchObject({ ...problem(422, 'unknown-sku'), body: { errors: { length: 100 } } });
    expect(JSON.stringify(answer.body).length).toBeLessThan(50_000);
  });

  it('answers a repeat with the same key with the same order and the same answer, also after changes', async () => {
    const key = randomUUID();
    const first = await place(basket([mug, 1]), key);
    await decide(first.body, confirm);
    await cancel(first.body.orderId);

    const again = await place(basket([mug, 1]), key);

    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.location).toBe(first.headers.location);
    expect(await get(first.body.orderId)).toMatchObject({ body: { status: 'CANCELLED', version: 3 } });
  });

  it('answers a repeat the same way even where its products have no common currency any more', async () => {
    const [pan, key] = [newSku(), randomUUID()];
    await saveProduct(product(pan, 900), 1);
    const first = await place(basket([mug, 1], [pan, 1]), key);
    await saveProduct(product(pan, 900, 'EUR'), 2);

    const again = await place(basket([mug, 1], [pan, 1]), key);
    const anew = await place(basket([mug, 1], [pan, 1]), randomUUID());

    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(anew).toMatchObject(problem(422, 'mixed-currencies'));
  });

  it('of many at once with the same key makes one order, published once', async () => {
    const key = randomUUID();

    const answers = await Promise.all(Array.from({ length: 10 }, () => place(basket([mug, 1]), key)));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    const [order] = answers;
    expect(await outboxOf('test-orders', { pk: `ORDER#${order?.body.orderId}` })).toHaveLength(1);
  });

  it('is 422 for unknown SKUs, and names the lines', async () => {
    const unknown = newSku();

    expect(await place(basket([mug, 1], [unknown, 1], [unknown, 2]))).toMatchObject({
      ...problem(422, 'unknown-sku'),
      body: {
        errors: [
          { path: '/body/lines/1/sku', message: `Unknown SKU: ${unknown}` },
          { path: '/body/lines/2/sku', message: `Unknown SKU: ${unknown}` },
        ],
      },
    });
  });

  it.each([
    ['no lines', { ...basket(), lines: [] }, '/body/lines'],
    ['a quantity of zero', basket([mug, 0]), '/body/lines/0/quantity'],
    ['2,001 lines', { ...basket(), lines: Array.from({ length: 2001 }, () => ({})) }, '/body/lines'],
    ['no customer', { lines: basket([mug, 1]).lines }, '/body/customer'],
  ])('is 400 for %s, with its path', async (_what, body, path) => {
    const answer = await place(body);

    expect(answer).toMatchObject(problem(400, 'invalid-request'));
    expect(JSON.stringify(answer.body)).toContain(`"path":"${path}`);
  });
});

describe('GET /orders/{orderId}', () => {
  it('is 404 for an order that does not exist', async () => {
    expect(await get(randomUUID())).toMatchObject(problem(404, 'order-not-found'));
  });

  it('shows when and why an order was rejected', async () => {
    const { body: order } = await place(basket([mug, 3]));
    await decide(order, (current, at) => reject(current, [short(mug, 3, 1)], at));

    expect(await get(order.orderId)).toMatchObject({
      status: 200,
      body: {
        status: 'REJECTED',
        version: 2,
        rejectedAt: expect.any(String),
        shortages: [{ sku: sku(mug), requested: 3, available: 1 }],
      },
    });
  });
});

describe('POST /orders/{orderId}/cancel and /ship', () => {
  it.each([
    [
      'cancel',
      cancel,
      async () => undefined,
      { status: 'CANCELLED', version: 2, cancelledAt: expect.any(String) },
    ],
    ['ship', ship, (order: Order) => decide(order, confirm), { status: 'SHIPPED', version: 3 }],
  ])(
    '%s changes the order, and answers the same when asked again',
    async (_name, transition, before, changes) => {
      const { body: order } = await place(basket([mug, 1]));
      await before(order);

      const answers = [await transition(order.orderId), await transition(order.orderId)];

      expect(answers[0]).toMatchObject({ status: 200, body: { ...order, ...changes } });
      expect(answers[1]).toMatchObject({ status: 200, body: answers[0]?.body ?? {} });
    },
  );

  it.each([
    ['ship', 'PLACED', ship, async () => undefined],
    ['ship', 'CANCELLED', ship, (order: Order) => cancel(order.orderId)],
    ['ship', 'REJECTED', ship, rejected],
    ['cancel', 'REJECTED', cancel, rejected],
    ['cancel', 'SHIPPED', cancel, (order: Order) => decide(order, confirm).then(() => ship(order.orderId))],
  ])('%s is 409 for an order that is %s', async (name, status, transition, before) => {
    const { body: order } = await place(basket([mug, 1]));
    await before(order);

    const answer = await transition(order.orderId);

    expect(answer).toMatchObject({
      ...problem(409, name === 'ship' ? 'order-not-shipped' : 'order-not-cancelled'),
      body: { detail: expect.stringContaining(status) },
    });
    expect(await get(order.orderId)).toMatchObject({ body: { status } });
  });

  it.each([
    ['cancel', cancel],
    ['ship', ship],
  ])('%s is 404 for an order that does not exist', async (_name, transition) => {
    expect(await transition(randomUUID())).toMatchObject(problem(404, 'order-not-found'));
  });
});

describe('GET /orders', () => {
  it('lists the orders of a customer, newest first, page by page', async () => {
    const customer = { ...ada, id: `eve-${randomUUID()}` };
    const placed: string[] = [];
    for (const quantity of [1, 2, 3]) {
      const { body } = await place({ ...basket([mug, quantity]), customer });
      placed.unshift(body.placedAt);
    }

    const first = await list({ customerId: customer.id, limit: '2' });
    const second = await list({
      customerId: customer.id,
      limit: '2',
      cursor: first.body.nextCursor ?? '',
    });

    expect(first.status).toBe(200);
    expect(first.body.items[0]).toEqual({
      orderId: expect.any(String),
      status: 'PLACED',
      total: expect.any(Number),
      currency: 'GBP',
      placedAt: expect.any(String),
    });
    const listed = [...first.body.items, ...second.body.items].map(({ placedAt }) => placedAt);
    expect(listed).toEqual(placed);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it('keeps a forged cursor within its own query: it shows no other orders', async () => {
    const [eve, mallory] = [`eve-${randomUUID()}`, `mallory-${randomUUID()}`];
    const orders: Order[] = [];
    for (const id of [eve, eve, mallory])
      orders.push((await place({ ...basket([mug, 1]), customer: { ...ada, id } })).body);
    const [first, , others] = orders;
    // Anybody can bind a position to a list: the hash has no secret.
    const forged = ({ orderId, placedAt }: Order, customerId: string) =>
      encodeCursor(mallory, { pk: `ORDER#${orderId}`, customerId, placedAt });
    const cursors = [first, others].flatMap((order) =>
      order === undefined ? [] : [eve, mallory].map((id) => forged(order, id)),
    );

    for (const cursor of cursors) {
      const { status, body } = await list({ customerId: mallory, cursor });
      expect([200, 400]).toContain(status);
      const shown = (body.items ?? []).map(({ orderId }) => orderId);
      expect(shown.filter((orderId) => orderId !== others?.orderId)).toEqual([]);
    }
  });
});

describe('with a token', () => {
  const own = { sub: ada.id, scope: 'orders:read orders:write' };
  const eve = { sub: `eve-${randomUUID()}`, scope: own.scope };
  const operator = { sub: 'operator', scope: 'orders:admin' };
  const placeAs = (caller: Call['caller'], key?: string, customer = ada) =>
    call<Order>(placeOrder, {
      route: 'POST /orders',
      body: { ...basket([mug, 1]), customer },
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      caller,
    });
  const at = (handler: typeof getOrder, route: string, orderId: string, caller: Call['caller']) =>
    call<Order>(handler, { route, path: { orderId }, caller });
  const oneOrderRoutes: readonly (readonly [string, typeof getOrder])[] = [
    ['GET /orders/{orderId}', getOrder],
    ['POST /orders/{orderId}/cancel', cancelOrder],
    ['POST /orders/{orderId}/ship', shipOrder],
  ];
  const withoutIds = ({ status, headers, body }: Answer<Order>, orderId: string) =>
    JSON.stringify([status, Object.keys(headers), { ...body, requestId: '' }]).replaceAll(orderId, '');

  it('a customer places, sees, lists and cancels orders of their own', async () => {
    const { status, body } = await placeAs(own);
    const { orderId } = body;

    expect(status).toBe(201);
    expect(await at(getOrder, 'GET /orders/{orderId}', orderId, own)).toMatchObject({ status: 200 });
    const listed = await call<{ items: Order[] }>(listOrders, {
      route: 'GET /orders',
      query: { customerId: ada.id },
      caller: own,
    });
    expect(listed.body.items.map((order) => order.orderId)).toContain(orderId);
    expect(await at(cancelOrder, 'POST /orders/{orderId}/cancel', orderId, own)).toMatchObject({
      status: 200,
    });
  });

  it.each(oneOrderRoutes)(
    "%s answers another customer's order like one that does not exist",
    async (route, handler) => {
      const { orderId } = (await placeAs(own)).body;
      const none = randomUUID();

      const [foreign, missing] = [
        await at(handler, route, orderId, eve),
        await at(handler, route, none, eve),
      ];

      expect(foreign).toMatchObject(problem(404, 'order-not-found'));
      expect(withoutIds(foreign, orderId)).toBe(withoutIds(missing, none));
      expect((await get(orderId)).body).toMatchObject({ status: 'PLACED', version: 1 });
    },
  );

  it("another customer's list is empty, and an order for another customer is refused first", async () => {
    const key = randomUUID();
    await placeAs(own, key);
    const query = { customerId: ada.id };

    const listed = await call(listOrders, { route: 'GET /orders', query, caller: eve });

    expect(listed).toMatchObject({ status: 200, body: { items: [] } });
    expect(await placeAs(eve, key)).toMatchObject(problem(403, 'other-customer'));
  });

  it('the same idempotency key of another customer is another order', async () => {
    const key = randomUUID();
    const first = await placeAs(own, key);

    const other = await placeAs(eve, key, { id: eve.sub, email: 'eve@example.com' });

    expect(other).toMatchObject({ status: 201, body: { customer: { id: eve.sub } } });
    expect(other.body.orderId).not.toBe(first.body.orderId);
  });

  describe('that has a verified e-mail address', () => {
    const verified = (email: string, email_verified = 'true') => ({ ...own, email, email_verified });
    const send = (caller: Call['caller'], email: string) => placeAs(caller, undefined, { ...ada, email });

    it.each([
      ['ada@example.com', 'ada@example.com'],
      ['Ada@Example.com', 'ada@example.com'],
      ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
      ['ada@xn--bcher-kva.example', 'ada@bücher.example'],
    ])('an order goes to it: %s may order for %s', async (claim, email) => {
      expect(await send(verified(claim), email)).toMatchObject({ status: 201 });
    });

    it.each(['eve@example.com', 'ada@example.org', 'a.da@example.com'])('not to %s: 403', async (email) => {
      expect(await send(verified('ada@example.com'), email)).toMatchObject(problem(403, 'other-email'));
    });

    it('an address that is not verified, or none, restricts nothing', async () => {
      expect(await send(verified('ada@example.com', 'false'), 'eve@example.com')).toMatchObject({
        status: 201,
      });
      expect(await send(own, 'eve@example.com')).toMatchObject({ status: 201 });
    });

    it('an admin orders for any address', async () => {
      const admin = { ...operator, email: 'ops@example.com', email_verified: 'true' };

      expect(await send(admin, 'eve@example.com')).toMatchObject({ status: 201 });
    });
  });

  it('orders:admin acts for anyone', async () => {
    const { orderId } = (await placeAs(operator)).body;

    expect(await at(getOrder, 'GET /orders/{orderId}', orderId, operator)).toMatchObject({ status: 200 });
    expect(await at(cancelOrder, 'POST /orders/{orderId}/cancel', orderId, operator)).toMatchObject({
      body: { status: 'CANCELLED', customer: ada },
    });
  });
});
