import { randomUUID } from 'node:crypto';
import { type OrderlyApis, orderlyClient, paginate } from '@orderly/client';
import { tokenSource } from '@orderly/local/issuer';
import * as v from 'valibot';
import type { ProductRow } from '../api.ts';
import { readInput } from '../http/input.ts';
import { notHere } from '../http/problem.ts';
import type { LocalPlatform } from '../platform.ts';

const SCOPES = 'orders:read orders:write orders:admin inventory:read inventory:write notifications:read';
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

/** Acts as a caller of the services' APIs, with a token where they need one. */
export class OrderActions {
  readonly #local: LocalPlatform;
  readonly #token: (() => Promise<string>) | undefined;

  constructor(local: LocalPlatform) {
    this.#local = local;
    this.#token =
      local.issuer === undefined ? undefined : tokenSource(local.issuer, { sub: 'console', scope: SCOPES });
  }

  async token(): Promise<string | undefined> {
    return this.#token?.();
  }

  /** @throws Refusal for what is no order, ProblemError when the orders service refuses it */
  async place(input: unknown): Promise<{ readonly orderId: string }> {
    const { customerId, email, reference, lines } = readInput(newOrder, input);
    const { orderId } = await this.#client().orders.placeOrder({
      idempotencyKey: randomUUID(),
      body: { customer: { id: customerId, email }, lines, ...(reference && { reference }) },
    });
    return { orderId };
  }

  async cancel(orderId: string): Promise<{ readonly status: string }> {
    const { status } = await this.#client().orders.cancelOrder({ orderId });
    return { status };
  }

  async ship(orderId: string): Promise<{ readonly status: string }> {
    const { status } = await this.#client().orders.shipOrder({ orderId });
    return { status };
  }

  async products(): Promise<readonly ProductRow[]> {
    const rows: ProductRow[] = [];
    for await (const { sku, name, price, currency, available } of paginate(
      this.#client().inventory.listProducts,
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
    const { inventory } = this.#client();
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
    while (this.#local.aws?.sqs && Date.now() < deadline && !samples.every(({ sku }) => known(sku))) {
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }

  #client(): OrderlyApis {
    const running = this.#local.services().filter(({ url }) => url !== undefined);
    if (running.length === 0) throw notHere('No service is running.');
    const urls = Object.fromEntries(running.map(({ name, url }) => [name, url ?? '']));
    return orderlyClient({ urls, token: this.#token, retryForMs: 3_000, timeoutMs: 15_000 });
  }
}
