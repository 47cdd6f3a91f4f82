import { setTimeout as pause } from 'node:timers/promises';
import {
  type NewOrder,
  type Order,
  type OrderlyApis,
  ProblemError,
  type Product,
  type ProductDetails,
} from '@orderly/client';
import pLimit from 'p-limit';
import { Accepted } from './accepted.ts';

/** The operations that a driver uses. */
export interface DriverApis {
  readonly inventory: Pick<OrderlyApis['inventory'], 'putProduct' | 'adjustStock'>;
  readonly orders: Pick<OrderlyApis['orders'], 'placeOrder' | 'cancelOrder' | 'shipOrder'>;
}

interface DriverOptions {
  readonly client: DriverApis;
  /** Calls in flight at most. */
  readonly concurrency: number;
  /** Milliseconds that a registered product may stay unknown to the orders service. */
  readonly knownWithinMs: number;
  /** The longest pause before an order with an unknown product is placed again; 200 by default. */
  readonly longestPauseMs?: number;
  /** Ends the waits. */
  readonly signal?: AbortSignal | undefined;
}

/** What the platform said to a customer. */
export type Answered =
  | { readonly outcome: 'accepted'; readonly order: Order }
  | { readonly outcome: 'refused'; readonly problem: ProblemError };

const UNKNOWN_SKU = 'urn:orderly:problem:unknown-sku';
const UNKNOWN_PAUSE_MS = 200;

/**
 * Registers products, and places, cancels and ships orders with bounded concurrency; it writes down what the platform
 * has accepted.
 */
export class Driver {
  readonly accepted = new Accepted();
  readonly #options: DriverOptions;
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** Registers a product or changes it. @returns it with its stock */
  async saveProduct(sku: string, details: ProductDetails): Promise<Product> {
    const product = await this.#call(({ inventory }) => inventory.putProduct({ sku, body: details }));
    this.accepted.products.set(sku, details);
    return product;
  }

  /** Takes pieces in or writes them off. @returns whether it was accepted: stock never goes below zero */
  async adjustStock(sku: string, quantity: number, idempotencyKey: string): Promise<boolean> {
    const body = { quantity, reason: 'Stock of a test run' };
    try {
      await this.#call(({ inventory }) => inventory.adjustStock({ sku, idempotencyKey, body }));
    } catch (error) {
      if (error instanceof ProblemError && error.status === 409) return false;
      throw error;
    }
    const { stock } = this.accepted;
    stock.set(sku, (stock.get(sku) ?? 0) + quantity);
    return true;
  }

  /**
   * Places an order, again as long as a product of it is unknown: products must be registered before, so the event
   * that says so is still on its way.
   *
   * @param until ends the attempts early
   */
  async place(body: NewOrder, idempotencyKey: string, until?: AbortSignal): Promise<Answered> {
    const { knownWithinMs, longestPauseMs = UNKNOWN_PAUSE_MS, signal } = this.#options;
    const deadline = Date.now() + knownWithinMs;
    for (let pauseMs = UNKNOWN_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const answered = await this.#attempt(({ orders }) => orders.placeOrder({ idempotencyKey, body }));
      if (answered.outcome === 'accepted') {
        const order = { key: idempotencyKey, cancelled: false, shipped: false };
        this.accepted.orders.set(answered.order.orderId, order);
        return answered;
      }
      const { type, detail } = answered.problem;
      if (type !== UNKNOWN_SKU || until?.aborted) return answered;
      if (Date.now() > deadline) {
        this.accepted.unknown.push(`Order ${idempotencyKey} was refused: ${detail}`);
        return answered;
      }
      await pause(pauseMs, undefined, signal ? { signal } : {});
    }
  }

  async cancel(orderId: string): Promise<Answered> {
    const answered = await this.#attempt(({ orders }) => orders.cancelOrder({ orderId }));
    const order = this.accepted.orders.get(orderId);
    if (order && answered.outcome === 'accepted') order.cancelled = true;
    return answered;
  }

  async ship(orderId: string): Promise<Answered> {
    const answered = await this.#attempt(({ orders }) => orders.shipOrder({ orderId }));
    const order = this.accepted.orders.get(orderId);
    if (order && answered.outcome === 'accepted') order.shipped = true;
    return answered;
  }

  async #attempt(call: (client: DriverApis) => Promise<Order>): Promise<Answered> {
    try {
      return { outcome: 'accepted', order: await this.#call(call) };
    } catch (error) {
      // What goes on failing for a while is no refusal.
      const isRefusal = error instanceof ProblemError && error.status < 500 && error.status !== 429;
      if (isRefusal) return { outcome: 'refused', problem: error };
      throw error;
    }
  }

  #call<Answer>(call: (client: DriverApis) => Promise<Answer>): Promise<Answer> {
    return this.#limit(() => call(this.#options.client));
  }
}
