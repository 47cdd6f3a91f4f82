import { createApi, UnexpectedAnswer } from '../src/api.ts';
import type { Answer, Call } from '../src/client.ts';
import { ShapeError } from '../src/fields.ts';

const URLS = { orders: 'http://o', inventory: 'http://i', notifications: 'http://n' };

/** An API whose services give these answers, one after the other. */
const answering = (...answers: Answer[]) => {
  const calls: Call[] = [];
  const send = async (call: Call): Promise<Answer> => {
    calls.push(call);
    const answer = answers.shift();
    if (!answer) throw new Error(`No answer is left for ${call.url}`);
    return answer;
  };
  return { api: createApi(send, URLS), calls };
};

const ORDER = {
  orderId: '1',
  status: 'CONFIRMED',
  lines: [{ sku: 'A', quantity: 2, name: 'a', unitPrice: 1, lineTotal: 2 }],
  placedAt: '2026-01-31T12:00:00.000Z',
  confirmedAt: '2026-01-31T12:00:01.000Z',
  more: true,
};

describe('the calls of the demo', () => {
  it('place an order and read what matters of it', async () => {
    const { api, calls } = answering({ status: 201, body: ORDER });
    const plan = {
      invoiceNo: '1',
      customer: { id: '7', email: '7@example.com' },
      lines: [{ sku: 'A', quantity: 2 }],
    };
    expect(await api.placeOrder(plan, 'key')).toEqual({
      ok: {
        orderId: '1',
        status: 'CONFIRMED',
        lines: [{ sku: 'A', quantity: 2 }],
        placedAt: ORDER.placedAt,
        confirmedAt: ORDER.confirmedAt,
      },
    });
    expect(calls).toEqual([
      {
        method: 'POST',
        url: 'http://o/orders',
        body: { customer: plan.customer, lines: plan.lines },
        idempotencyKey: 'key',
      },
    ]);
  });

  it('hand a refusal over as the problem it is', async () => {
    const body = {
      type: 'urn:orderly:problem:order-not-cancelled',
      title: 'Conflict',
      detail: 'It is REJECTED',
    };
    const { api } = answering({ status: 409, body });
    expect(await api.cancelOrder('1')).toEqual({ problem: { status: 409, ...body } });
  });

  it('follow the pages to the end', async () => {
    const item = { onHand: 3, reserved: 1, available: 2 };
    const { api, calls } = answering(
      { status: 200, body: { items: [{ sku: 'A', ...item }], nextCursor: 'a b' } },
      { status: 200, body: { items: [{ sku: 'B', ...item }] } },
    );
    expect([...(await api.stock()).keys()]).toEqual(['A', 'B']);
    expect(calls.map(({ url }) => url)).toEqual([
      'http://i/products?limit=100',
      'http://i/products?limit=100&cursor=a%20b',
    ]);
  });

  it('escape what goes into a path', async () => {
    const { api, calls } = answering({ status: 200, body: { onHand: 0, reserved: 0, available: 0 } });
    await api.putProduct({ sku: 'A/B', name: 'a', price: 1 });
    expect(calls[0]?.url).toBe('http://i/products/A%2FB');
  });

  it('name a call that is refused without reason', async () => {
    const { api } = answering({ status: 404, body: { title: 'Not Found' } });
    const adjusted = api.adjustStock('A', 1, 'key');
    await expect(adjusted).rejects.toThrow(UnexpectedAnswer);
    await expect(adjusted).rejects.toThrow('POST http://i/products/A/adjustments answered 404');
  });

  it('name an answer that is not what the API promises', async () => {
    const { api } = answering({ status: 200, body: { ...ORDER, placedAt: 7 } });
    const read = api.order('1');
    await expect(read).rejects.toThrow(ShapeError);
    await expect(read).rejects.toThrow('GET http://o/orders/1: "placedAt" is not a string: 7');
  });
});
