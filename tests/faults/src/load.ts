import type { Answer, Client } from '@orderly/demo/client';
import { inParallel } from '@orderly/demo/parallel';
import pLimit from 'p-limit';
import type { Plan, PlannedAdjustment, PlannedOrder, PlannedProduct, Step } from './plan.ts';

/** What the platform has said yes to, as its callers know it; nothing else counts as accepted. */
export interface Accepted {
  /** By order id. */
  readonly orders: Map<string, { readonly plan: PlannedOrder; cancelled: boolean; shipped: boolean }>;
  /** Pieces by SKU that were put in, less those that were written off. */
  readonly stock: Map<string, number>;
  /** The last details of each product that were accepted. */
  readonly products: Map<string, { readonly name: string; readonly price: number }>;
}

export interface LoadOptions {
  readonly plan: Plan;
  readonly client: Client;
  readonly urls: { readonly orders: string; readonly inventory: string };
  /** How many calls at once; there are more customers, and most of them wait. */
  readonly concurrency: number;
  /** Whether an event has told that an order is confirmed, rejected or cancelled. */
  readonly decided: (orderId: string) => boolean;
  /** How long a customer waits for a decision before going on without, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the load before its plan does. */
  readonly until: AbortSignal;
  readonly onOrder: (count: number) => void;
}

/** Customers for each call that may be under way. */
const WAITING = 6;
/** So many come at once, the others one by one: each call more at a time is a function's worker that has to start. */
const AT_ONCE = 16;
const RAMP_MS = 300;

/** Carries out the plan against the APIs; each call is tried until there is an answer that says yes or no. */
export async function runLoad(options: LoadOptions): Promise<Accepted> {
  const accepted: Accepted = { orders: new Map(), stock: new Map(), products: new Map() };
  const limit = pLimit(options.concurrency);
  const client: Client = (call) => limit(options.client, call);
  const load = new Load({ ...options, client }, accepted);
  await inParallel(options.plan.products, options.concurrency, (product) => load.register(product));
  const steps = options.plan.steps[Symbol.iterator]();
  const customer = async (place: number): Promise<void> => {
    await pause(Math.max(0, place - AT_ONCE) * RAMP_MS);
    await load.work(steps);
  };
  await Promise.all(Array.from({ length: options.concurrency * WAITING }, (_, place) => customer(place)));
  return accepted;
}

class Load {
  readonly #options: LoadOptions;
  readonly #accepted: Accepted;

  constructor(options: LoadOptions, accepted: Accepted) {
    this.#options = options;
    this.#accepted = accepted;
  }

  async register(product: PlannedProduct): Promise<void> {
    await this.#save(product);
    const { sku, stock } = product;
    await this.#adjust({ key: `${sku}-first`, sku, quantity: stock });
  }

  async work(steps: Iterator<Step>): Promise<void> {
    for (let next = steps.next(); !next.done; next = steps.next()) {
      if (this.#options.until.aborted) return;
      await this.#do(next.value);
    }
  }

  async #do(step: Step): Promise<void> {
    if (step.kind === 'adjustment') return this.#adjust(step.adjustment);
    if (step.kind === 'new price') return this.#save(step.product);
    const orderId = await this.#place(step.order);
    if (orderId === undefined) return;
    this.#options.onOrder(this.#accepted.orders.size);
    await this.#follow(orderId, step.order);
  }

  async #follow(orderId: string, { fate }: PlannedOrder): Promise<void> {
    if (fate === 'left alone') return;
    if (fate === 'cancelled at once') return this.#move(orderId, 'cancel');
    const deadline = Date.now() + this.#options.patienceMs;
    while (!this.#options.decided(orderId) && Date.now() < deadline) await pause(20);
    if (fate !== 'shipped once decided') await this.#moveBoth(orderId, fate);
    else await this.#move(orderId, 'ship');
  }

  async #moveBoth(orderId: string, fate: PlannedOrder['fate']): Promise<void> {
    const moves: ('cancel' | 'ship')[] = fate === 'cancelled once decided' ? ['cancel'] : ['ship', 'cancel'];
    await Promise.all(moves.map((move) => this.#move(orderId, move)));
  }

  async #save({ sku, name, price }: PlannedProduct): Promise<void> {
    const { client, urls } = this.#options;
    const body = { name, price, currency: 'EUR' };
    const answer = await client({ method: 'PUT', url: `${urls.inventory}/products/${sku}`, body });
    if (answer.status >= 300) throw unexpected(answer);
    this.#accepted.products.set(sku, { name, price });
  }

  async #adjust({ key, sku, quantity }: PlannedAdjustment): Promise<void> {
    const { client, urls } = this.#options;
    const url = `${urls.inventory}/products/${sku}/adjustments`;
    const body = { quantity, reason: 'fault suite' };
    const answer = await client({ method: 'POST', url, body, idempotencyKey: key });
    // What would take the stock below zero is refused, and nothing has happened.
    if (answer.status === 409) return;
    if (answer.status !== 201) throw unexpected(answer);
    const { stock } = this.#accepted;
    stock.set(sku, (stock.get(sku) ?? 0) + quantity);
  }

  /** @returns the order's id, or undefined when a product of it does not become known in time, which others find */
  async #place(plan: PlannedOrder): Promise<string | undefined> {
    const { client, urls, until, patienceMs } = this.#options;
    const { customer, lines, key } = plan;
    const call = { method: 'POST', url: `${urls.orders}/orders`, body: { customer, lines } } as const;
    const deadline = Date.now() + 5 * patienceMs;
    for (;;) {
      const answer = await client({ ...call, idempotencyKey: key });
      if (answer.status === 201) {
        const { orderId } = Object(answer.body) as { orderId: string };
        this.#accepted.orders.set(orderId, { plan, cancelled: false, shipped: false });
        return orderId;
      }
      const { type } = Object(answer.body) as { type?: string };
      if (type !== 'urn:orderly:problem:unknown-sku') throw unexpected(answer);
      if (until.aborted || Date.now() > deadline) return undefined;
      await pause(100);
    }
  }

  async #move(orderId: string, move: 'cancel' | 'ship'): Promise<void> {
    const { client, urls } = this.#options;
    const answer = await client({ method: 'POST', url: `${urls.orders}/orders/${orderId}/${move}` });
    if (answer.status === 409) return;
    if (answer.status !== 200) throw unexpected(answer);
    const order = this.#accepted.orders.get(orderId);
    if (order) order[move === 'cancel' ? 'cancelled' : 'shipped'] = true;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function unexpected({ status, body }: Answer): Error {
  return new Error(
    `The platform refused what it must take: ${status} ${JSON.stringify(body)?.slice(0, 300)}`,
  );
}
