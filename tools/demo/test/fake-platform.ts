import type { Order, Product } from '@orderly/client';
import { ProblemError } from '@orderly/client';
import { Driver, type DriverApis } from '@orderly/support/driver';
import type {
  Evidence,
  NotificationItem,
  OrderItem,
  ProductItem,
  ReservationItem,
} from '@orderly/support/evidence';
import { ReceivedEvents } from '@orderly/support/subscriber';
import type { RunSettings, Session } from '../src/session.ts';

/** What a platform can do wrong. */
export interface Faults {
  /** Orders of this SKU stay PLACED. */
  readonly stuckSku?: string;
  /** Orders are confirmed although the stock is short. */
  readonly oversell?: boolean;
  /** The notification of this kind is missing, or there twice. */
  readonly silent?: string;
  readonly doubled?: string;
  /** Refusals of the orders service before it knows the products. */
  readonly earlyRefusals?: number;
}

const NOW = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const refusal = (status: number, reason: string): ProblemError =>
  new ProblemError('POST http://orders', status, {
    type: `urn:orderly:problem:${reason}`,
    detail: 'refused',
  });

/** Our three services as one object in memory: same answers, same items, no network. */
export class FakePlatform {
  readonly products = new Map<string, Product>();
  readonly keys: string[] = [];
  readonly #faults: Faults;
  readonly #before = new Map<string, ProductItem>();
  readonly #orders = new Map<string, Order>();
  readonly #reservations = new Map<string, ReservationItem>();
  readonly #notifications: NotificationItem[] = [];
  readonly #received = new ReceivedEvents();
  #refusals: number;

  constructor(faults: Faults = {}) {
    this.#faults = faults;
    this.#refusals = faults.earlyRefusals ?? 0;
  }

  /** A product from before the run. */
  add(sku: string, onHand: number, reserved: number): void {
    const product = { ...productOf(sku, 'GBP'), onHand, reserved, available: onHand - reserved };
    this.products.set(sku, product);
    this.#before.set(sku, product);
  }

  session(settings: Pick<RunSettings, 'workload'> & Partial<RunSettings>): Session {
    const { signal = new AbortController().signal, stallMs = 60_000 } = settings;
    const driver = new Driver({ client: this.#client, concurrency: 4, knownWithinMs: stallMs, signal });
    return {
      run: 'test',
      driver,
      received: this.#received,
      collect: async () => this.#evidence(driver),
      concurrency: 4,
      stock: undefined,
      stallMs,
      signal,
      progress: { start: () => {}, update: () => {}, stop: () => {} },
      log: () => {},
      ...settings,
    };
  }

  readonly #client: DriverApis = {
    inventory: {
      putProduct: async ({ sku, body }) => {
        const product = { ...(this.products.get(sku) ?? productOf(sku, body.currency)), ...body };
        this.products.set(sku, product);
        this.#publish('inventory', 'product.upserted', sku, { price: body.price });
        return product;
      },
      adjustStock: async ({ sku, idempotencyKey = '', body }) => {
        this.keys.push(idempotencyKey);
        this.#move(sku, body.quantity, 0);
        return { adjustmentId: idempotencyKey, sku, adjustedAt: at(0), ...body };
      },
    },
    orders: {
      placeOrder: async ({ idempotencyKey = '', body }) => {
        this.keys.push(idempotencyKey);
        if (new Set(body.lines.map(({ sku }) => sku)).size > 1000) throw refusal(422, 'too-many-skus');
        if (this.#refusals-- > 0) throw refusal(422, 'unknown-sku');
        const lines = body.lines.map((line) => ({ ...line, name: line.sku, unitPrice: 1, lineTotal: 1 }));
        const order: Order = {
          orderId: idempotencyKey.replace('demo-test', 'order'),
          status: 'PLACED',
          version: 1,
          customer: body.customer,
          currency: 'GBP',
          lines,
          total: 1,
          placedAt: at(0),
        };
        this.#change(order, 'placed');
        setTimeout(() => this.#decide(order.orderId), 1);
        return order;
      },
      cancelOrder: async ({ orderId }) => {
        const order = this.#order(orderId);
        if (order.status === 'REJECTED') throw refusal(409, 'order-not-cancelled');
        const reservation = this.#reservations.get(orderId);
        if (reservation) this.#hold(order, -1);
        else this.#reserve(order, 'REJECTED');
        return this.#change({ ...order, status: 'CANCELLED', cancelledAt: at(30) }, 'cancelled');
      },
      shipOrder: async () => {
        throw new Error('The demo ships nothing');
      },
    },
  };

  #decide(orderId: string): void {
    const order = this.#order(orderId);
    if (order.status !== 'PLACED' || order.lines.some(({ sku }) => sku === this.#faults.stuckSku)) return;
    const enough = order.lines.every(
      ({ sku, quantity }) => (this.products.get(sku)?.available ?? 0) >= quantity,
    );
    if (enough || this.#faults.oversell) {
      this.#hold(order, 1);
      this.#change({ ...order, status: 'CONFIRMED', confirmedAt: at(10) }, 'confirmed');
    } else {
      this.#reserve(order, 'REJECTED');
      this.#change({ ...order, status: 'REJECTED', rejectedAt: at(20) }, 'rejected');
    }
  }

  /** @param sign 1 for a reservation, -1 for its release */
  #hold(order: Order, sign: 1 | -1): void {
    for (const { sku, quantity } of order.lines) this.#move(sku, 0, sign * quantity);
    this.#reserve(order, sign === 1 ? 'RESERVED' : 'RELEASED');
  }

  #reserve({ orderId, lines }: Order, status: string): void {
    const version = (this.#reservations.get(orderId)?.version ?? 0) + 1;
    this.#reservations.set(orderId, { orderId, lines, status, version });
    this.#publish('inventory', `stock.${status.toLowerCase()}`, orderId);
  }

  #change(order: Order, change: string): Order {
    const { orderId } = order;
    const kind = `order-${change}`;
    this.#orders.set(orderId, order);
    this.#publish('orders', `order.${change}`, orderId);
    const times =
      change === 'placed' || kind === this.#faults.silent ? 0 : kind === this.#faults.doubled ? 2 : 1;
    const notificationId = `${orderId}.${kind}`;
    const sent = { orderId, kind, notificationId, status: 'SENT', version: 1 };
    for (let time = 0; time < times; time += 1) this.#notifications.push(sent);
    if (times > 0) this.#publish('notifications', 'notification.sent', notificationId);
    return order;
  }

  #publish(service: string, name: string, subject: string, data: object = {}): void {
    const sequence = this.#received.events.length + 1;
    const type = `orderly.${name}.v1`;
    const event = {
      id: `${sequence}`,
      type,
      source: `orderly/${service}`,
      subject,
      sequence,
      time: at(0),
      data,
    };
    this.#received.take(JSON.stringify(event));
  }

  #move(sku: string, pieces: number, held: number): void {
    const product = this.products.get(sku);
    if (!product) throw new Error(`No product ${sku}`);
    const [onHand, reserved] = [product.onHand + pieces, product.reserved + held];
    this.products.set(sku, { ...product, onHand, reserved, available: onHand - reserved });
  }

  #order(orderId: string): Order {
    const order = this.#orders.get(orderId);
    if (!order) throw new Error(`No order ${orderId}`);
    return order;
  }

  #evidence({ accepted }: Driver): Evidence {
    const orders = [...this.#orders.values()];
    return {
      accepted,
      before: this.#before,
      orders: orders.map((order): OrderItem => ({ ...order, customerId: order.customer.id })),
      replica: this.products,
      reservations: this.#reservations,
      products: [...this.products.values()],
      notifications: this.#notifications,
      events: [...this.#received.events],
      garbage: [],
      mails: undefined,
      deadLetters: [],
      deadLettersLeft: new Map(),
      waiting: 0,
      poison: [],
    };
  }
}

const productOf = (sku: string, currency: Product['currency']): Product => ({
  sku,
  name: sku,
  price: 1,
  currency,
  onSale: true,
  onHand: 0,
  reserved: 0,
  available: 0,
  version: 1,
});
