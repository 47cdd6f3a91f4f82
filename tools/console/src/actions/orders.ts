import { randomUUID } from 'node:crypto';
import { paginate } from '@orderly/client';
import * as v from 'valibot';
import type { ProductRow } from '../api.ts';
import { readInput } from '../http/input.ts';
import type { LocalPlatform } from '../platform.ts';
import type { ServiceApis } from './service-apis.ts';

const PRODUCTS_SHOWN = 200;
const STOCK = 1_000;
const KNOWN_WITHIN_MS = 10_000;
const POLL_MS = 100;

/** None of them is the README's: who makes these can still follow its tour. */
const samples = [
  { sku: 'POT', name: 'Teapot', price: 2_450 },
  { sku: 'TEA', name: 'Green tea, 100 g', price: 890 },
  { sku: 'KETTLE', name: 'Kettle', price: 4_900 },
] as const;

const newOrder = v.object({
  customerId: v.string(),
  email: v.string(),
  reference: v.optional(v.string()),
  lines: v.array(v.object({ sku: v.string(), quantity: v.number() })),
});

/** Acts as a caller of the APIs of orders and inventory. */
export class OrderActions {
  readonly #local: LocalPlatform;
  readonly #apis: ServiceApis;

  constructor(local: LocalPlatform, apis: ServiceApis) {
    this.#local = local;
    this.#apis = apis;
  }

  /** @throws Refusal for what is no order, ProblemError when the orders service refuses it */
  async place(input: unknown): Promise<{ readonly orderId: string }> {
    const { customerId, email, reference, lines } = readInput(newOrder, input);
    const { orderId } = await this.#apis.client().orders.placeOrder({
      idempotencyKey: randomUUID(),
      body: { customer: { id: customerId, email }, lines, ...(reference && { reference }) },
    });
    return { orderId };
  }

  async cancel(orderId: string): Promise<{ readonly status: string }> {
    const { status } = await this.#apis.client().orders.cancelOrder({ orderId });
    return { status };
  }

  async ship(orderId: string): Promise<{ readonly status: string }> {
    const { status } = await this.#apis.client().orders.shipOrder({ orderId });
    return { status };
  }

  async products(): Promise<readonly ProductRow[]> {
    const rows: ProductRow[] = [];
    for await (const { sku, name, price, currency, available } of paginate(
      this.#apis.client().inventory.listProducts,
      {
        limit: 100,
      },
    )) {
      rows.push({ sku, name, price, currency, available });
      if (rows.length === PRODUCTS_SHOWN) break;
    }
    return rows;
  }

  /** Registers some products and stock for them, and waits until orders knows them. */
  async makeProducts(): Promise<readonly ProductRow[]> {
    const { inventory } = this.#apis.client();
    await Promise.all(
      samples.map(async ({ sku, name, price }) => {
        await inventory.putProduct({ sku, body: { name, price, currency: 'EUR' } });
        const body = { quantity: STOCK, reason: 'Stock for trying things out' };
        await inventory.adjustStock({ sku, idempotencyKey: `console-${sku}`, body });
      }),
    );
    await this.#untilReplicated();
    return this.products();
  }

  #seesDeliveries(): boolean {
    return this.#local.aws?.sqs !== undefined || this.#local.cloud !== undefined;
  }

  /** The replica of the orders service follows the event; until then an order of the product is refused. */
  async #untilReplicated(): Promise<void> {
    const { events } = this.#local.recorder;
    const deadline = Date.now() + KNOWN_WITHIN_MS;
    const known = (sku: string): boolean =>
      events
        .newestFirst()
        .some(
          ({ type, subject, deliveries }) =>
            type === 'ProductUpserted' &&
            subject === sku &&
            deliveries.some(({ consumer, state }) => consumer === 'orders' && state === 'taken'),
        );
    while (this.#seesDeliveries() && Date.now() < deadline && !samples.every(({ sku }) => known(sku))) {
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }
}
