import { randomUUID } from 'node:crypto';
import { inParallel } from '@orderly/demo/parallel';
import {
  getNotifications,
  getOrder,
  type ListBody,
  type OrderBody,
  orderBody,
  type ProblemBody,
  placeOrder,
  requestOrder,
  send,
  stockedProduct,
  stockOf,
} from './api.ts';
import { eventually } from './eventually.ts';

const notified = async (orderId: string) =>
  (await getNotifications(orderId)).map(({ kind, status }) => `${kind} ${status}`).sort();

describe('an order', () => {
  it('is confirmed when everything is there: stock reserved, customer told once', async () => {
    const [mug, lamp] = [await stockedProduct(10), await stockedProduct(3)];

    const { orderId, status, total } = await placeOrder({
      lines: [
        [mug, 4],
        [lamp, 3],
        [mug, 1],
      ],
    });

    expect([status, total]).toEqual(['PLACED', 2000]);
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
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

    const order = await eventually(async () => {
      const found = await getOrder(orderId);
      expect(found.status).toBe('REJECTED');
      return found;
    });
    expect(order.shortages).toEqual([{ sku: scarce, requested: 2, available: 1 }]);
    expect(await stockOf(plenty)).toEqual([10, 0, 10]);
    await eventually(async () => expect(await notified(orderId)).toEqual(['order-rejected SENT']));
  });

  it('that is cancelled after it was confirmed gives its stock back', async () => {
    const sku = await stockedProduct(5);
    const { orderId } = await placeOrder({ lines: [[sku, 5]] });
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));

    const cancelled = await send<OrderBody>('orders', 'POST', `/orders/${orderId}/cancel`);
    const again = await send<OrderBody>('orders', 'POST', `/orders/${orderId}/cancel`);

    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELLED']);
    expect([again.status, again.body]).toEqual([200, cancelled.body]);
    await eventually(async () => expect(await stockOf(sku)).toEqual([5, 0, 5]));
    await eventually(async () =>
      expect(await notified(orderId)).toEqual(['order-cancelled SENT', 'order-confirmed SENT']),
    );
  });

  it('that is cancelled at once stays cancelled and holds no stock in the end', async () => {
    const sku = await stockedProduct(5);
    const { orderId } = await placeOrder({ lines: [[sku, 2]] });

    const { body } = await send<OrderBody>('orders', 'POST', `/orders/${orderId}/cancel`);

    expect(body.status).toBe('CANCELLED');
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
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
    expect(await held()).toEqual(new Set(['2,1,1']));

    await send('orders', 'POST', `/orders/${orderId}/cancel`);

    await eventually(async () => expect(await held()).toEqual(new Set(['2,0,2'])));
  });

  it('is shipped only once it is confirmed, and then its stock is gone', async () => {
    const [sku, missing] = [await stockedProduct(5), await stockedProduct(0)];
    const { orderId } = await placeOrder({ lines: [[sku, 2]] });
    await eventually(async () => expect((await getOrder(orderId)).status).toBe('CONFIRMED'));
    const rejected = await placeOrder({ lines: [[missing, 1]] });
    await eventually(async () => expect((await getOrder(rejected.orderId)).status).toBe('REJECTED'));

    const shipped = await send<OrderBody>('orders', 'POST', `/orders/${orderId}/ship`);
    const tooLate = await send<ProblemBody>('orders', 'POST', `/orders/${orderId}/cancel`);
    const never = await send<ProblemBody>('orders', 'POST', `/orders/${rejected.orderId}/ship`);

    expect([shipped.status, shipped.body.status]).toEqual([200, 'SHIPPED']);
    expect([tooLate.status, tooLate.body.type]).toEqual([409, 'urn:orderly:problem:order-not-cancelled']);
    expect([never.status, never.body.type]).toEqual([409, 'urn:orderly:problem:order-not-shipped']);
    await eventually(async () => expect(await stockOf(sku)).toEqual([3, 0, 3]));
    await eventually(async () => expect(await notified(orderId)).toContain('order-shipped SENT'));
  });

  it('that is asked for twice with the same key is the same order, even after it has moved on', async () => {
    const [sku, customerId, key] = [await stockedProduct(5), `c-${randomUUID()}`.slice(0, 20), randomUUID()];
    const first = await placeOrder({ lines: [[sku, 1]], customerId, key });
    await eventually(async () => expect((await getOrder(first.orderId)).status).toBe('CONFIRMED'));

    const again = await requestOrder({ lines: [[sku, 1]], customerId, key });
    const other = await requestOrder<ProblemBody>({ lines: [[sku, 2]], customerId, key });

    expect([again.status, again.headers.get('location')]).toEqual([201, `/orders/${first.orderId}`]);
    expect(again.body).toEqual(first);
    expect([other.status, other.body.type]).toEqual([422, 'urn:orderly:problem:idempotency-key-reused']);
    expect(await stockOf(sku)).toEqual([5, 1, 4]);
  });

  it("is listed among its customer's orders, newest first, page by page", async () => {
    const [sku, customerId] = [await stockedProduct(9), `lister-${randomUUID().slice(0, 8)}`];
    const placed: string[] = [];
    for (let n = 0; n < 3; n++) placed.unshift((await placeOrder({ lines: [[sku, 1]], customerId })).orderId);

    const path = `/orders?customerId=${customerId}&limit=2`;
    const page = await eventually(async () => {
      const { body } = await send<ListBody<OrderBody>>('orders', 'GET', path);
      expect(body.items.map(({ orderId }) => orderId)).toEqual(placed.slice(0, 2));
      return body;
    });
    const rest = await send<ListBody<OrderBody>>('orders', 'GET', `${path}&cursor=${page.nextCursor}`);
    const foreign = await send('orders', 'GET', `/orders?customerId=other&cursor=${page.nextCursor}`);

    expect(rest.body.items.map(({ orderId }) => orderId)).toEqual(placed.slice(2));
    expect(foreign.status).toBe(400);
  });
});

it('a delivery that is booked twice with the same key is one', async () => {
  const sku = await stockedProduct(5);
  const book = () =>
    send(
      'inventory',
      'POST',
      `/products/${sku}/adjustments`,
      { quantity: 3, reason: 'delivery' },
      { 'idempotency-key': 'delivery-1' },
    );

  const [first, repeated] = [await book(), await book()];

  expect([first.status, repeated.status]).toEqual([201, 201]);
  expect(repeated.body).toEqual(first.body);
  expect(await stockOf(sku)).toEqual([8, 0, 8]);
});

describe('what nobody can order is refused with a reason', () => {
  it('names an unknown SKU by the line it is in', async () => {
    const sku = await stockedProduct(1);
    await placeOrder({ lines: [[sku, 1]] });

    const { status, body, headers } = await requestOrder<ProblemBody>({
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
      await send<ProblemBody>('orders', 'DELETE', '/orders'),
      await send<ProblemBody>('orders', 'GET', '/no-such-path'),
      await send<ProblemBody>('orders', 'GET', `/orders/${randomUUID()}`),
      await send<ProblemBody>('orders', 'POST', '/orders', '{}', { 'content-type': 'text/plain' }),
      await send<ProblemBody>('orders', 'POST', '/orders', big),
      await send<ProblemBody>('orders', 'POST', '/orders', '{"customer":'),
      await send<ProblemBody>('orders', 'POST', '/orders', orderBody([['A', 0]], 'c')),
    ];

    expect(answers.map(({ status }) => status)).toEqual([405, 404, 404, 415, 413, 400, 400]);
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(
      answers.map(() => 'application/problem+json'),
    );
    expect(answers[0]?.headers.get('allow')).toBe('GET, POST');
    expect(answers.at(-1)?.body.errors?.map(({ path }) => path)).toEqual(['/body/lines/0/quantity']);
  });
});
