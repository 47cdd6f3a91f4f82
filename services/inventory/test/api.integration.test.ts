import { randomUUID } from 'node:crypto';
import { call } from '../../../tests/platform/invoke.ts';
import { outboxOf, storedItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import type { Product } from '../src/domain/product.ts';
import { handler as adjustStock } from '../src/functions/adjust-stock.ts';
import { handler as getProduct } from '../src/functions/get-product.ts';
import { handler as listProducts } from '../src/functions/list-products.ts';
import { handler as putProduct } from '../src/functions/put-product.ts';
import { newSku, sku } from './builders.ts';

withResourcesOf('inventory');

const mug = { name: 'White mug', price: 255, currency: 'GBP' };

const put = (sku: string, body: unknown) =>
  call<Product>(putProduct, { route: 'PUT /products/{sku}', path: { sku }, body });
const get = (sku: string) => call<Product>(getProduct, { route: 'GET /products/{sku}', path: { sku } });
const adjust = (sku: string, body: unknown, key?: string) =>
  call(adjustStock, {
    route: 'POST /products/{sku}/adjustments',
    path: { sku },
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const list = (query: Record<string, string>) =>
  call<{ items: Product[]; nextCursor?: string }>(listProducts, { route: 'GET /products', query });

const published = (sku: string) => outboxOf('test-inventory', { pk: `PRODUCT#${sku}` });
const problem = (status: number, code: string) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `urn:orderly:problem:${code}`, status },
});

describe('PUT /products/{sku}', () => {
  it('creates a product without stock: 201, with its location and its event', async () => {
    const sku = newSku();

    const answer = await put(sku, mug);

    const product = { sku, ...mug, onSale: true, onHand: 0, reserved: 0, available: 0, version: 1 };
    expect(answer).toMatchObject({ status: 201, headers: { location: `/products/${sku}` } });
    expect(answer.body).toEqual(product);
    expect(await get(sku)).toMatchObject({ status: 200, body: product });
    expect(await published(sku)).toMatchObject([
      { type: 'orderly.product.upserted.v1', subject: sku, sequence: 1, data: { sku, ...mug } },
    ]);
  });

  it('changes name and price: 200, a new version, the stock as it was', async () => {
    const sku = newSku();
    await put(sku, mug);
    await adjust(sku, { quantity: 5, reason: 'delivery' });

    const answer = await put(sku, { ...mug, price: 300 });

    expect(answer).toMatchObject({
      status: 200,
      body: { sku, ...mug, price: 300, onHand: 5, reserved: 0, available: 5, version: 3 },
    });
    expect(await published(sku)).toMatchObject([{ sequence: 3, data: { price: 300 } }]);
  });

  it('changes and publishes nothing when nothing is new: 200', async () => {
    const sku = newSku();
    const { body: product } = await put(sku, mug);
    const before = await published(sku);

    const answer = await put(sku, mug);

    expect(answer).toMatchObject({ status: 200, body: product });
    expect(await published(sku)).toEqual(before);
  });

  it('keeps the time of the upsert although the stock moves, for replays', async () => {
    const sku = newSku();
    await put(sku, mug);
    const [event] = (await published(sku)) ?? [];
    await adjust(sku, { quantity: 5, reason: 'delivery' });

    const { upsertedAt } = (await storedItem('test-inventory', { pk: `PRODUCT#${sku}` })) ?? {};

    expect(Math.abs(Date.parse(String(upsertedAt)) - Date.parse(event?.time ?? ''))).toBeLessThan(60_000);
  });

  it('by many at once creates it once, and each is one version', async () => {
    const sku = newSku();

    const answers = await Promise.all([1, 2, 3, 4, 5].map((price) => put(sku, { ...mug, price })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    const versions = answers.map(({ body }) => body.version).sort();
    expect(versions).toEqual([1, 2, 3, 4, 5]);
    const last = answers.find(({ body }) => body.version === 5);
    expect((await get(sku)).body).toEqual(last?.body);
  });

  it.each([
    ['a price below 0', { ...mug, price: -1 }, '/body/price'],
    ['stock, which only adjustments change', { ...mug, onHand: 5 }, '/body/onHand'],
    ['onSale that is text', { ...mug, onSale: 'no' }, '/body/onSale'],
  ])('is 400 for %s', async (_what, body, path) => {
    expect(await put(newSku(), body)).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: { errors: [{ path }] },
    });
  });

  it('is 400 for a SKU that a URL cannot address', async () => {
    expect(await put('a/b', mug)).toMatchObject({
      ...problem(400, 'invalid-request'),
      body: { errors: [{ path: '/path/sku' }] },
    });
  });
});

describe('a SKU of any printable text', () => {
  it.each([
    'two words',
    'A&B',
    'Größe 42',
    '日本語',
    `"quoted" 'x'`,
    '🎁 '.repeat(20).trim(),
    '-a.b_c:;=+,@!*()~',
  ])('has its product, stock and place: %j', async (name) => {
    const sku = `${name} ${randomUUID().slice(0, 8)}`;

    const created = await put(sku, mug);
    const adjusted = await adjust(sku, { quantity: 5, reason: 'delivery' }, 'the-key');
    const again = await adjust(sku, { quantity: 5, reason: 'delivery' }, 'the-key');

    expect(created).toMatchObject({ status: 201, body: { sku } });
    const location = `/products/${encodeURIComponent(sku)}`;
    expect([created.headers.location, adjusted.headers.location]).toEqual([location, location]);
    expect(location).toMatch(/^[\x21-\x7e]+$/);
    expect(again.body).toEqual(adjusted.body);
    expect(await get(sku)).toMatchObject({ status: 200, body: { sku, onHand: 5 } });
    expect((await list({ limit: '100' })).status).toBe(200);
  });

  it('is one product, however its characters are composed', async () => {
    const sku = `Größe ${randomUUID()}`;
    await put(sku.normalize('NFD'), mug);

    expect((await put(sku, mug)).status).toBe(200);
    expect((await get(sku.normalize('NFD'))).body.sku).toBe(sku);
  });
});

it('GET /products/{sku} is 404 for a product that does not exist', async () => {
  expect(await get(newSku())).toMatchObject(problem(404, 'product-not-found'));
});

describe('POST /products/{sku}/adjustments', () => {
  it('takes goods in and writes them off, each with its reason: 201', async () => {
    const sku = newSku();
    await put(sku, mug);

    const answers = [
      await adjust(sku, { quantity: 5, reason: 'delivery' }),
      await adjust(sku, { quantity: -5, reason: 'broken' }),
    ];

    expect(answers[0]).toMatchObject({ status: 201, headers: { location: `/products/${sku}` } });
    expect(answers[0]?.body).toEqual({
      adjustmentId: expect.any(String),
      sku,
      quantity: 5,
      reason: 'delivery',
      adjustedAt: expect.any(String),
    });
    expect(answers[1]).toMatchObject({ status: 201, body: { quantity: -5 } });
    expect(await get(sku)).toMatchObject({ body: { onHand: 0, available: 0, version: 3 } });
  });

  it('is 409 when it would take what is available below zero, and moves nothing', async () => {
    const sku = newSku();
    await put(sku, mug);
    await adjust(sku, { quantity: 5, reason: 'delivery' });

    expect(await adjust(sku, { quantity: -6, reason: 'broken' })).toMatchObject({
      ...problem(409, 'stock-out-of-bounds'),
      body: { detail: expect.stringContaining('5 available') },
    });
    expect(await get(sku)).toMatchObject({ body: { onHand: 5, available: 5 } });
  });

  it('can be asked for again after a 409 with the same key', async () => {
    const [sku, key] = [newSku(), randomUUID()];
    await put(sku, mug);
    const first = await adjust(sku, { quantity: -1, reason: 'broken' }, key);
    await adjust(sku, { quantity: 5, reason: 'delivery' });

    const again = await adjust(sku, { quantity: -1, reason: 'broken' }, key);

    expect([first.status, again.status]).toEqual([409, 201]);
  });

  it('answers a repeat with the same key as the first time, and moves nothing', async () => {
    const [sku, key] = [newSku(), randomUUID()];
    await put(sku, mug);
    const first = await adjust(sku, { quantity: 5, reason: 'delivery' }, key);
    await adjust(sku, { quantity: -5, reason: 'broken' });

    const again = await adjust(sku, { quantity: 5, reason: 'delivery' }, key);

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await get(sku)).toMatchObject({ body: { onHand: 0 } });
  });

  it('answers the repeat of a write-off that the stock would not allow any more', async () => {
    const [sku, key] = [newSku(), randomUUID()];
    await put(sku, mug);
    await adjust(sku, { quantity: 5, reason: 'delivery' });
    const first = await adjust(sku, { quantity: -5, reason: 'broken' }, key);

    const again = await adjust(sku, { quantity: -5, reason: 'broken' }, key);

    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it('of many at once with the same key moves the stock once', async () => {
    const [sku, key] = [newSku(), randomUUID()];
    await put(sku, mug);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => adjust(sku, { quantity: 5, reason: 'delivery' }, key)),
    );

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await get(sku)).toMatchObject({ body: { onHand: 5, version: 2 } });
  });

  it('is 422 for another request with the same key', async () => {
    const [sku, key] = [newSku(), randomUUID()];
    await put(sku, mug);
    await adjust(sku, { quantity: 5, reason: 'delivery' }, key);

    expect(await adjust(sku, { quantity: 6, reason: 'delivery' }, key)).toMatchObject(
      problem(422, 'idempotency-key-reused'),
    );
  });

  it('is 404 for a product that does not exist, and leaves no entry', async () => {
    const [sku, key] = [newSku(), randomUUID()];

    expect(await adjust(sku, { quantity: 5, reason: 'delivery' }, key)).toMatchObject(
      problem(404, 'product-not-found'),
    );
    await put(sku, mug);
    expect(await adjust(sku, { quantity: 5, reason: 'delivery' }, key)).toMatchObject({ status: 201 });
  });
});

describe('GET /products', () => {
  it('lists every product once by SKU, with its stock, page by page', async () => {
    // More than a page, also when there are no others.
    const skus = [sku(`🎁${randomUUID()}`), ...Array.from({ length: 24 }, () => newSku())];
    for (const sku of skus) await put(sku, mug);
    await adjust(skus[0] ?? '', { quantity: 7, reason: 'delivery' });

    const all: Product[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await list({ limit: '20', ...(cursor !== undefined && { cursor }) });
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(20);
      all.push(...body.items);
      cursor = body.nextCursor;
    } while (cursor !== undefined);

    const ours = all.filter(({ sku }) => (skus as string[]).includes(sku));
    expect(ours.map(({ sku }) => sku as string)).toEqual([...skus].sort());
    expect(ours.find(({ sku }) => sku === skus[0])).toEqual((await get(skus[0] ?? '')).body);
    const listed = all.map(({ sku }) => sku);
    expect(listed).toEqual([...new Set(listed)].sort());
  });
});
