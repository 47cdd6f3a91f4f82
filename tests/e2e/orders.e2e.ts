import { randomUUID } from 'node:crypto';
import type { Problem } from '@orderly/client';
import { eventually } from '@orderly/support/eventually';
import { inParallel } from '@orderly/support/parallel';
import {
  client,
  getNotifications,
  getOrder,
  orderBody,
  placeOrder,
  reaches,
  requestOrder,
  send,
  stockedProduct,
  stockOf,
} from './api.ts';

const notified = async (orderId: string) =>
  (await getNotifications(orderId)).map(({ kind, status }) => `${kind} ${status}`).sort();

describe('an order', () => {
  it('is confirmed when everything is there: stock reserved, customer notified once', async () => {
    const [mug, lamp] = [await stockedProduct(10), await stockedProduct(3)];

    const { orderId, status, total } = await placeOrder({
      lines: [
        [mug, 4],
        [lamp, 3],
        [mug, 1],
      ],
    });

    expect([status, total]).toEqual(['PLACED', 2000]);
    await reaches(orderId, 'CONFIRMED');
    expect(await stockOf(mug)).toEqual([10, 5, 5]);
    expect(await stockOf(lamp)).toEqual([3, 3, 0]);
    await eventually(async () => expect(await notified(orderId)).toEqual(['order-confirmed SENT']));
  });

  it('is rejected whole when one line is short, and says which', async () => {
    const [plenty, scarce] = [await stockedProduct(10), await stockedProduct(1)];

    const { orderId } = await placeOrder({
      lines: [
        [plenty, 2],
        [scarce, 2],
      ],
    });

    expect((await reaches(orderId, 'REJECTED')).shortages).toEqual([
      { sku: scarce, requested: 2, available: 1 },
    ]);
    expect(await stockOf(plenty)).toEqual([10, 0, 10]);
    await eventually(async () => expect(await notified(orderId)).toEqual(['order-rejected SENT']));
  });

  it('that is cancelled after it was confirmed gives its stock back', async () => {
    const sku = await stockedProduct(5);
    const { orderId } = await placeOrder({ lines: [[sku, 5]] });
    await reaches(orderId, 'CONFIRMED');

    const cancelled = await client.orders.cancelOrder({ orderId });
    const again = await client.orders.cancelOrder({ orderId });

    expect(cancelled.status).toBe('CANCELLED');
    expect(again).toEqual(cancelled);
    await eventually(async () => expect(await stockOf(sku)).toEqual([5, 0, 5]));
    await eventually(async () =>
      expect(await notified(orderId)).toEqual(['order-cancelled SENT', 'order-confirmed SENT']),
    );
  });

  it('that is cancelled at once stays cancelled and holds no stock in the end', async () => {
    const sku = await stockedProduct(5);
    const { orderId } = await placeOrder({ lines: [[sku, 2]] });

    const { status } = await client.orders.cancelOrder({ orderId });

    expect(status).toBe('CANCELLED');
    await eventually(async () => expect(await notified(orderId)).toContain('order-cancelled SENT'));
    await eventually(async () => expect(await stockOf(sku)).toEqual([5, 0, 5]));
    expect((await getOrder(orderId)).status).toBe('CANCELLED');
  });

  it('of more lines than one transaction takes is confirmed whole, and gives all of it back', async () => {
    const skus = await inParallel(
      Array.from({ length: 110 }, () => 2),
      4,
      stockedProduct,
    );
    const held = async () => new Set((await inParallel(skus, 4, stockOf)).map((levels) => levels.join()));
    const { orderId } = await placeOrder({ lines: skus.map((sku) => [sku, 1]) });
    await reaches(orderId, 'CONFIRMED');
    expect(await held()).toEqual(new Set(['2,1,1']));

    await client.orders.cancelOrder({ orderId });

    await eventually(async () => expect(await held()).toEqual(new Set(['2,0,2'])));
  });

  it('is shipped only once it is confirmed, and then its stock is gone', async () => {
    const [sku, missing] = [await stockedProduct(5), await stockedProduct(0)];
    const { orderId } = await placeOrder({ lines: [[sku, 2]] });
    await reaches(orderId, 'CONFIRMED');
    const rejected = await placeOrder({ lines: [[missing, 1]] });
    await reaches(rejected.orderId, 'REJECTED');

    const shipped = await client.orders.shipOrder({ orderId });
    const tooLate = client.orders.cancelOrder({ orderId });
    const never = client.orders.shipOrder({ orderId: rejected.orderId });

    expect(shipped.status).toBe('SHIPPED');
    await expect(tooLate).rejects.toMatchObject({
      status: 409,
      type: 'urn:orderly:problem:order-not-cancelled',
    });
    await expect(never).rejects.toMatchObject({ status: 409, type: 'urn:orderly:problem:order-not-shipped' });
    await eventually(async () => expect(await stockOf(sku)).toEqual([3, 0, 3]));
    await eventually(async () => expect(await notified(orderId)).toContain('order-shipped SENT'));
  });

  it('that is asked for twice with the same key is the same order, even after it has moved on', async () => {
    const [sku, customerId, key] = [await stockedProduct(5), `c-${randomUUID()}`.slice(0, 20), randomUUID()];
    const first = await placeOrder({ lines: [[sku, 1]], customerId, key });
    await reaches(first.orderId, 'CONFIRMED');

    const again = await requestOrder({ lines: [[sku, 1]], customerId, key });
    const other = await requestOrder<Problem>({ lines: [[sku, 2]], customerId, key });

    expect([again.status, again.headers.get('location')]).toEqual([201, `/orders/${first.orderId}`]);
    expect(again.body).toEqual(first);
    expect([other.status, other.body.type]).toEqual([422, 'urn:orderly:problem:idempotency-key-reused']);
    expect(await stockOf(sku)).toEqual([5, 1, 4]);
  });

  it("is listed among its customer's orders, newest first, page by page", async () => {
    const [sku, customerId] = [await stockedProduct(9), `lister-${randomUUID().slice(0, 8)}`];
    const placed: string[] = [];
    for (let n = 0; n < 3; n++) placed.unshift((await placeOrder({ lines: [[sku, 1]], customerId })).orderId);

    const { cursor } = await eventually(async () => {
      const { items, nextCursor } = await client.orders.listOrders({ customerId, limit: 2 });
      expect(items.map(({ orderId }) => orderId)).toEqual(placed.slice(0, 2));
      return { cursor: nextCursor };
    });
    const rest = await client.orders.listOrders({ customerId, limit: 2, cursor });
    const foreign = client.orders.listOrders({ customerId: 'other', cursor });

    expect(rest.items.map(({ orderId }) => orderId)).toEqual(placed.slice(2));
    await expect(foreign).rejects.toMatchObject({ status: 400 });
  });
});

it('a delivery that is booked twice with the same key is one', async () => {
  const sku = await stockedProduct(5);
  const book = () =>
    client.inventory.adjustStock({
      sku,
      body: { quantity: 3, reason: 'delivery' },
      idempotencyKey: 'delivery-1',
    });

  const [first, repeated] = [await book(), await book()];

  expect(repeated).toEqual(first);
  expect(await stockOf(sku)).toEqual([8, 0, 8]);
});

describe('a refusal', () => {
  it('names an unknown SKU by the line it is in', async () => {
    const sku = await stockedProduct(1);
    await placeOrder({ lines: [[sku, 1]] });

    const { status, body, headers } = await requestOrder<Problem>({
      lines: [
        [sku, 1],
        ['NO-SUCH-SKU', 1],
      ],
    });

    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(body.type).toBe('urn:orderly:problem:unknown-sku');
    expect(body.errors).toEqual([{ path: '/body/lines/1/sku', message: 'Unknown SKU: NO-SUCH-SKU' }]);
    expect(body.requestId).toBe(headers.get('x-request-id'));
  });

  it('answers 405 with Allow, 404, 415, 413 and 400 as problem details', async () => {
    const big = JSON.stringify({ ...orderBody([['A', 1]], 'c'), reference: 'x'.repeat(640 * 1024) });
    const answers = [
      await send<Problem>('orders', 'DELETE', '/orders'),
      await send<Problem>('orders', 'GET', '/no-such-path'),
      await send<Problem>('orders', 'GET', `/orders/${randomUUID()}`),
      await send<Problem>('orders', 'POST', '/orders', '{}', { 'content-type': 'text/plain' }),
      await send<Problem>('orders', 'POST', '/orders', big),
      await send<Problem>('orders', 'POST', '/orders', '{"customer":'),
      await send<Problem>('orders', 'POST', '/orders', orderBody([['A', 0]], 'c')),
    ];

    expect(answers.map(({ status }) => status)).toEqual([405, 404, 404, 415, 413, 400, 400]);
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(
      answers.map(() => 'application/problem+json'),
    );
    expect(answers[0]?.headers.get('allow')).toBe('GET, POST');
    expect(answers.at(-1)?.body.errors?.map(({ path }) => path)).toEqual(['/body/lines/0/quantity']);
  });
});
