import type { Api, Notification, Order, StockLevel } from '../src/api.ts';
import type { Session } from '../src/session.ts';
import { createLog, type Subscription } from '../src/subscription.ts';

/** What a platform can do wrong. */
export interface Faults {
  /** Orders of this SKU stay PLACED. */
  readonly stuckSku?: string;
  /** Orders are confirmed although the stock is short. */
  readonly oversell?: boolean;
  /** The notification of this kind is not sent, or sent twice. */
  readonly silent?: string;
  readonly doubled?: string;
  /** Refusals of the orders service before it knows the products. */
  readonly earlyRefusals?: number;
  /** Orders are decided this many looks after they were placed; default 1. */
  readonly looks?: number;
}

interface Shelf {
  onHand: number;
  reserved: number;
}

interface Record {
  order: Order;
  looks: number;
}

const NOW = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();

/** Our three services as one object in memory: same answers, no network. */
export class FakePlatform {
  readonly shelves = new Map<string, Shelf>();
  readonly keys: string[] = [];
  private readonly records = new Map<string, Record>();
  private readonly notifications = new Map<string, Notification[]>();
  private readonly log = createLog();
  private refusals: number;

  constructor(private readonly faults: Faults = {}) {
    this.refusals = faults.earlyRefusals ?? 0;
  }

  session(change: Partial<Session> = {}): Session {
    const subscription: Subscription = { ...this.log.view, close: async () => {} };
    return {
      run: 'test',
      api: this.api,
      subscription,
      concurrency: 4,
      signal: new AbortController().signal,
      stallMs: 60_000,
      discoveryMs: 0,
      ...change,
    };
  }

  readonly api: Api = {
    putProduct: async ({ sku }) => {
      if (!this.shelves.has(sku)) this.shelves.set(sku, { onHand: 0, reserved: 0 });
      this.emit('orderly.product.upserted.v1', sku);
      return this.level(sku);
    },
    adjustStock: async (sku, quantity, key) => {
      this.keys.push(key);
      this.shelf(sku).onHand += quantity;
    },
    stock: async () => new Map([...this.shelves.keys()].map((sku) => [sku, this.level(sku)])),
    placeOrder: async (plan, key) => {
      this.keys.push(key);
      const refusal = this.refusalOf(new Set(plan.lines.map(({ sku }) => sku)).size);
      if (refusal)
        return { problem: { status: 422, title: 'Unprocessable', detail: 'refused', type: refusal } };
      const orderId = `order-${plan.invoiceNo}`;
      const order: Order = { orderId, status: 'PLACED', lines: plan.lines, placedAt: at(0) };
      this.records.set(orderId, { order, looks: 0 });
      this.emit('orderly.order.placed.v1', orderId);
      return { ok: order };
    },
    cancelOrder: async (orderId) => {
      const { order } = this.record(orderId);
      if (order.status === 'REJECTED') {
        const type = 'urn:orderly:problem:order-not-cancelled';
        return { problem: { status: 409, title: 'Conflict', detail: 'refused', type } };
      }
      if (order.status === 'CONFIRMED') this.move(order, -1);
      return { ok: this.change({ ...order, status: 'CANCELLED', cancelledAt: at(30) }, 'cancelled') };
    },
    order: async (orderId) => this.decide(orderId),
    notificationsOf: async (orderId) => this.notifications.get(orderId) ?? [],
  };

  private refusalOf(distinct: number): string | undefined {
    if (distinct > 1000) return 'urn:orderly:problem:too-many-skus';
    this.refusals -= 1;
    return this.refusals >= 0 ? 'urn:orderly:problem:unknown-sku' : undefined;
  }

  private decide(orderId: string): Order {
    const record = this.record(orderId);
    record.looks += 1;
    const { order } = record;
    const stuck = order.lines.some(({ sku }) => sku === this.faults.stuckSku);
    if (order.status !== 'PLACED' || stuck || record.looks < (this.faults.looks ?? 1)) return order;
    const enough = order.lines.every(({ sku, quantity }) => this.level(sku).available >= quantity);
    if (!enough && !this.faults.oversell) {
      return this.change({ ...order, status: 'REJECTED', rejectedAt: at(20) }, 'rejected');
    }
    this.move(order, 1);
    return this.change({ ...order, status: 'CONFIRMED', confirmedAt: at(10) }, 'confirmed');
  }

  private change(order: Order, change: string): Order {
    this.record(order.orderId).order = order;
    this.emit(`orderly.order.${change}.v1`, order.orderId);
    const kind = `order-${change}`;
    const times = kind === this.faults.silent ? 0 : kind === this.faults.doubled ? 2 : 1;
    const sent = Array.from({ length: times }, () => ({ kind, status: 'SENT' }));
    this.notifications.set(order.orderId, [...(this.notifications.get(order.orderId) ?? []), ...sent]);
    return order;
  }

  private move({ lines }: Order, sign: 1 | -1): void {
    for (const { sku, quantity } of lines) this.shelf(sku).reserved += sign * quantity;
  }

  private emit(type: string, subject: string): void {
    this.log.take(JSON.stringify({ id: `${type} ${subject}`, type, subject }));
  }

  private level(sku: string): StockLevel {
    const { onHand, reserved } = this.shelf(sku);
    return { onHand, reserved, available: onHand - reserved };
  }

  private shelf(sku: string): Shelf {
    const shelf = this.shelves.get(sku);
    if (!shelf) throw new Error(`No product ${sku}`);
    return shelf;
  }

  private record(orderId: string): Record {
    const record = this.records.get(orderId);
    if (!record) throw new Error(`No order ${orderId}`);
    return record;
  }
}
