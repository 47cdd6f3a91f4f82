import type { PlatformRecord } from '@orderly/local/platform';
import { clientOf } from '@orderly/support/client';
import { Driver } from '@orderly/support/driver';
import { inParallel } from '@orderly/support/parallel';
import { settle } from '@orderly/support/quiet';
import type { Arrivals, Placed } from './arrivals.ts';
import { orderRequest, skus } from './workload.ts';

/**
 * Milliseconds without any order getting on after which those that are left count as lost: more than the 90 s for
 * which a message stays hidden after a failure (shared/serverless/subscription.yml).
 */
const STALL_MS = 120_000;
const KNOWN_WITHIN_MS = 60_000;
const LONGEST_ORDER = 99;
/** More than all orders of a run want: what is refused for want of stock is another measurement. */
const PIECES = 100_000;
const STOCKED_AT_ONCE = 8;

/** Places orders as a customer's program does, and waits until they have come to their end. */
export class Orders {
  readonly #arrivals: Arrivals;
  readonly #signal: AbortSignal;
  readonly #driver: Driver;
  #next = 0;
  #retries = 0;

  constructor(platform: PlatformRecord, arrivals: Arrivals, signal: AbortSignal) {
    this.#arrivals = arrivals;
    this.#signal = signal;
    const onRetry = (): void => {
      this.#retries += 1;
    };
    // The clients of a measurement bound their number themselves.
    const concurrency = Number.POSITIVE_INFINITY;
    const client = clientOf(platform, { signal, onRetry });
    this.#driver = new Driver({ client, concurrency, knownWithinMs: KNOWN_WITHIN_MS, signal });
  }

  /** Which order of the workload the next one is. */
  get next(): number {
    return this.#next;
  }

  get accepted(): number {
    return this.#driver.accepted.orders.size;
  }

  /** How many requests were sent once more. */
  get retries(): number {
    return this.#retries;
  }

  /** Registers every product of the workload, puts it in stock, and waits until all of them can be ordered. */
  async stock(): Promise<void> {
    await inParallel(skus, STOCKED_AT_ONCE, async (sku) => {
      await this.#driver.saveProduct(sku, { name: 'Mug, white, 300 ml', price: 1250, currency: 'EUR' });
      await this.#driver.adjustStock(sku, PIECES, `first-${sku}`);
    });
    const orders = Array.from({ length: Math.ceil(skus.length / LONGEST_ORDER) }, (_, n) => n);
    await this.settled(await inParallel(orders, 1, (n) => this.place(LONGEST_ORDER, n)));
  }

  /** Places the next order, or the n-th one of the workload. @throws ProblemError when it is refused */
  async place(lines: number, n = this.#next): Promise<Placed> {
    const sentAt = Date.now();
    const began = performance.now();
    const answered = await this.#driver.place(orderRequest(n, lines), `bench-${this.#next++}`);
    if (answered.outcome === 'refused') throw answered.problem;
    return { orderId: answered.order.orderId, sentAt, acceptedMs: performance.now() - began };
  }

  /** Waits until each is confirmed and its customer notified. @throws Error when one never is: it is lost */
  async settled(placed: readonly Placed[], everyMs = 200): Promise<void> {
    let open = placed;
    const remaining = (): number => {
      open = open.filter(
        ({ orderId }) => !(this.#arrivals.isConfirmed(orderId) && this.#arrivals.isNotified(orderId)),
      );
      return open.length;
    };
    if (await settle(remaining, { signal: this.#signal, stallMs: STALL_MS, everyMs })) return;
    const unconfirmed = open.filter(({ orderId }) => !this.#arrivals.isConfirmed(orderId));
    throw new Error(
      `Of ${placed.length} accepted orders ${unconfirmed.length} are not confirmed and ${open.length} not notified, ` +
        `e.g. ${open[0]?.orderId}; an accepted order must never be lost`,
    );
  }
}
