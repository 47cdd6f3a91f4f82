import { times } from './assumptions.ts';
import { FunctionEnvironments } from './concurrency.ts';
import { LINES_PER_ORDER, OrderTables, type ReadyUnits } from './order-tables.ts';
import { vary, type World } from './platform-parts.ts';
import { Stream } from './stream.ts';
import { type Reaction, Subscription } from './subscription.ts';
import { TokenBucket } from './token-bucket.ts';
import { canWrite, write } from './write-capacity.ts';

/** An order on its way; its number is the hash of its id, too. */
interface Order {
  readonly hash: number;
  readonly sentAt: number;
  readonly skus: readonly number[];
  status: 'PLACED' | 'CONFIRMED';
}

/** What is counted of orders. */
export interface Counts {
  arrived: number;
  /** By API Gateway, with 429. */
  refusedByApi: number;
  /** By Lambda, with 429 that callers see as 503. */
  refusedByLambda: number;
  /** By DynamoDB for so long that the request ended: 503. */
  refusedByTable: number;
  accepted: number;
  confirmed: number;
  notified: number;
}

/** A request ends its calls after so long: docs/limits.md */
const REQUEST_LIMIT_MS = 2500;
const PRODUCTS = 1000;
const HASHES = 2 ** 31 - 1;

/** The platform on AWS: what an order goes through from its request to its customer's being told. */
export class OrderFlow {
  readonly counts: Counts = {
    arrived: 0,
    refusedByApi: 0,
    refusedByLambda: 0,
    refusedByTable: 0,
    accepted: 0,
    confirmed: 0,
    notified: 0,
  };
  /** Milliseconds from the request of each order to its OrderConfirmed in the queue of notifications. */
  readonly confirmedMs: number[] = [];
  readonly streams: {
    readonly orders: Stream<Order>;
    readonly inventory: Stream<Order>;
    readonly notifications: Stream<Order>;
  };
  readonly queues: {
    readonly 'order-events--inventory': Subscription<Order>;
    readonly 'inventory-events--orders': Subscription<Order>;
    readonly 'order-events--notifications': Subscription<Order>;
  };
  readonly placeOrder: FunctionEnvironments;
  readonly #world: World;
  readonly #api: TokenBucket;
  readonly #tables: OrderTables;

  constructor(world: World, ready: ReadyUnits) {
    const { configuration } = world;
    this.#world = world;
    this.#api = new TokenBucket(configuration.writeRate, configuration.writeBurst);
    this.placeOrder = new FunctionEnvironments(world.account, world.warmEnvironments);
    this.#tables = new OrderTables(ready);
    const { orders, inventory, notifications } = this.#tables.partitions;
    this.queues = {
      'order-events--inventory': new Subscription(world, (order) => this.#reserve(order)),
      'inventory-events--orders': new Subscription(world, (order) => this.#confirm(order)),
      'order-events--notifications': new Subscription(world, (order) => this.#notify(order)),
    };
    this.streams = {
      orders: new Stream(world, orders.length, (order) => this.#publishOrder(order)),
      inventory: new Stream(world, inventory.length, (order) =>
        this.queues['inventory-events--orders'].send(order.hash, order),
      ),
      notifications: new Stream(world, notifications.length, () => undefined),
    };
  }

  /** Orders that are accepted and of which the customer has not been told. */
  get underWay(): number {
    return this.counts.accepted - this.counts.notified;
  }

  /** A request comes. */
  place(): void {
    const { events, random } = this.#world;
    this.counts.arrived += 1;
    if (!this.#api.take(events.now)) {
      this.counts.refusedByApi += 1;
      return;
    }
    const coldMs = this.placeOrder.enter(events.now);
    if (coldMs === undefined) {
      this.counts.refusedByLambda += 1;
      return;
    }
    const skus = Array.from({ length: LINES_PER_ORDER }, () => random.int(0, PRODUCTS - 1));
    const order: Order = { hash: random.int(0, HASHES), sentAt: events.now, skus, status: 'PLACED' };
    const readMs = coldMs + times.own.value + this.#request();
    events.after(readMs, () => this.#insert(order));
  }

  #insert(order: Order): void {
    const { events } = this.#world;
    const taken = this.#tables.orderWrite(order.hash);
    if (!canWrite(events.now, taken, REQUEST_LIMIT_MS)) {
      events.after(REQUEST_LIMIT_MS, () => {
        this.counts.refusedByTable += 1;
        this.placeOrder.leave();
      });
      return;
    }
    events.after(write(events.now, taken) + this.#request(), () => {
      this.counts.accepted += 1;
      this.placeOrder.leave();
      this.streams.orders.append(order.hash, order);
    });
  }

  #publishOrder(order: Order): void {
    const { events } = this.#world;
    if (order.status === 'PLACED') {
      this.queues['order-events--inventory'].send(order.hash, order);
      return;
    }
    this.confirmedMs.push(events.now - order.sentAt);
    this.counts.confirmed += 1;
    this.queues['order-events--notifications'].send(order.hash, order);
  }

  #reserve(order: Order): Reaction {
    const { events, random } = this.#world;
    const throttledMs = write(events.now, this.#tables.reservationWrite(order.hash, order.skus));
    return {
      ms: throttledMs + vary(random, times.transaction.value),
      done: () => this.streams.inventory.append(order.hash, order),
    };
  }

  #confirm(order: Order): Reaction {
    const { events } = this.#world;
    const throttledMs = write(events.now, this.#tables.orderWrite(order.hash));
    return {
      ms: this.#request() + throttledMs + this.#request(),
      done: () => {
        order.status = 'CONFIRMED';
        this.streams.orders.append(order.hash, order);
      },
    };
  }

  #notify(order: Order): Reaction {
    const { events } = this.#world;
    const throttledMs = write(events.now, this.#tables.notificationWrite(order.hash));
    return {
      ms: throttledMs + this.#request() + this.#request(),
      done: () => {
        this.counts.notified += 1;
        this.streams.notifications.append(order.hash, order);
      },
    };
  }

  #request(): number {
    return vary(this.#world.random, times.dynamodb.value);
  }
}
