import { type Order, ProblemError, type Product } from '@orderly/client';
import { Driver, type DriverApis } from '@orderly/support/driver';
import { ReceivedEvents } from '@orderly/support/subscriber';
import { placeOrders } from '../src/placing.ts';
import { registerProducts } from '../src/registering.ts';
import { drive } from '../src/run.ts';
import type { RunSettings, Session } from '../src/session.ts';
import { planWorkload } from '../src/workload.ts';
import { invoice, row } from './invoice-factory.ts';

// What a whole run comes to is tested on the platform itself (tests/e2e/demo.local.e2e.ts), and what its checks find
// beside them (tests/support/test/verdict.test.ts).

const at = '2026-01-31T12:00:00.000Z';
const refusal = (status: number, reason: string): ProblemError =>
  new ProblemError('POST http://orders', status, {
    type: `urn:orderly:problem:${reason}`,
    detail: 'refused',
  });

/** The APIs in memory: stock adds up, and orders stay PLACED. */
class StandIn {
  readonly products = new Map<string, Product>();
  readonly keys: string[] = [];
  /** Orders that are refused before the orders service knows the products. */
  unknown = 0;

  stock(sku: string, onHand: number, reserved = 0): Product {
    const kept = { sku, name: sku, price: 1, currency: 'GBP', onSale: true, version: 1 } as const;
    const product = { ...kept, onHand, reserved, available: onHand - reserved };
    this.products.set(sku, product);
    return product;
  }

  session(settings: Partial<RunSettings> = {}): Session {
    const { signal = new AbortController().signal } = settings;
    return {
      run: 'test',
      driver: new Driver({ client: this.#client, concurrency: 4, knownWithinMs: 60_000, signal }),
      received: new ReceivedEvents(),
      collect: () => Promise.reject(new Error('No order here is ever decided')),
      workload: planWorkload([]),
      stock: undefined,
      concurrency: 4,
      stallMs: 60_000,
      signal,
      progress: { start: () => {}, update: () => {}, stop: () => {} },
      log: () => {},
      ...settings,
    };
  }

  readonly #client: DriverApis = {
    inventory: {
      putProduct: async ({ sku }) => this.products.get(sku) ?? this.stock(sku, 0),
      adjustStock: async ({ sku, idempotencyKey = '', body }) => {
        const { onHand = 0, reserved } = this.products.get(sku) ?? {};
        this.keys.push(idempotencyKey);
        this.stock(sku, onHand + body.quantity, reserved);
        return { adjustmentId: idempotencyKey, sku, adjustedAt: at, ...body };
      },
    },
    orders: {
      placeOrder: async ({ idempotencyKey = '', body: { customer, lines } }) => {
        this.keys.push(idempotencyKey);
        if (lines.length > 1000) throw refusal(422, 'too-many-skus');
        if (this.unknown-- > 0) throw refusal(422, 'unknown-sku');
        return this.#order(idempotencyKey, customer);
      },
      cancelOrder: async ({ orderId }) => {
        if (orderId.endsWith('-1')) throw refusal(409, 'order-not-cancelled');
        return this.#order(orderId, { id: 'c', email: 'c@example.com' });
      },
      shipOrder: () => Promise.reject(new Error('The demo ships nothing')),
    },
  };

  #order(orderId: string, customer: Order['customer']): Order {
    const money = { currency: 'GBP', lines: [], total: 1 } as const;
    return { orderId, customer, ...money, status: 'PLACED', version: 1, placedAt: at };
  }
}

describe('the demo', () => {
  it('brings what an earlier run left to the wanted stock, up or down, in steps the API takes', async () => {
    const apis = new StandIn();
    apis.stock('85123A', 40, 25);
    const catalogue = ['85123A', '71053'].map((sku) => ({ sku, name: sku, price: 1 }));

    await registerProducts(apis.session(), catalogue, (sku) => (sku === '71053' ? 250_000 : 4));

    expect(apis.products.get('85123A')).toMatchObject({ onHand: 29, reserved: 25, available: 4 });
    expect(apis.products.get('71053')).toMatchObject({ onHand: 250_000, available: 250_000 });
    expect([apis.keys.length, new Set(apis.keys).size]).toEqual([4, 4]);
  });

  it('tries orders again that come before the orders service knows their products', async () => {
    const apis = new StandIn();
    apis.unknown = 1;
    const session = apis.session();

    await placeOrders(session, planWorkload([invoice('1', [row()])]).steps);

    expect(apis.keys).toEqual(['demo-test-1', 'demo-test-1']);
    expect([...session.driver.accepted.orders.keys()]).toEqual(['demo-test-1']);
  });

  it('counts cancellations, and refusals of orders and of cancellations by reason', async () => {
    const lines = Array.from({ length: 1001 }, (_, index) => row({ stockCode: `${10_000 + index}` }));
    const back = (stockCode: string) => row({ stockCode, quantity: -1 });
    const { steps } = planWorkload([
      invoice('1', [row()]),
      invoice('2', [row({ stockCode: '71053' })]),
      invoice('3', lines),
      invoice('C4', [back('85123A'), back('71053'), back('10000')]),
    ]);

    const placing = await placeOrders(new StandIn().session(), steps);

    expect(placing.refused).toEqual({ '422 too-many-skus': 1 });
    expect(placing.cancellations).toEqual({
      accepted: 1,
      refused: { '409 order-not-cancelled': 1, 'its order was refused': 1 },
    });
  });

  it('gives each product the stock that was asked for, and stops when it is interrupted', async () => {
    const stop = new AbortController();
    const apis = new StandIn();
    const workload = planWorkload([invoice('1', [row()]), invoice('2', [row({ stockCode: '71053' })])]);
    const waiting = drive(apis.session({ workload, stock: 5, signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('Interrupted')), 50);

    await expect(waiting).rejects.toThrow(/Interrupted|aborted/);
    expect([...apis.products.values()].map(({ available }) => available)).toEqual([5, 5]);
  });
});
