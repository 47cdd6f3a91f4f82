import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Client, createClient } from '@orderly/demo/client';
import { settle } from '@orderly/demo/settle';
import type { Arrivals, Placed } from './arrivals.ts';
import { orderRequest, productCount } from './workload.ts';

/**
 * Milliseconds without any order getting on after which those that are left count as lost: more than the 90 s for
 * which a message stays hidden after a failure (shared/serverless/subscription.yml).
 */
const STALL_MS = 120_000;
const KNOWN_LIMIT_MS = 60_000;
const LONGEST_ORDER = 99;

/** Places orders as a customer's program does, and waits until they have come to their end. */
export class Orders {
  readonly #url: string;
  readonly #arrivals: Arrivals;
  readonly #signal: AbortSignal;
  readonly #send: Client;
  #next = 0;
  #accepted = 0;
  #retries = 0;

  /** @param service the base URL of the orders service */
  constructor(service: string, arrivals: Arrivals, signal: AbortSignal) {
    this.#url = `${service}/orders`;
    this.#arrivals = arrivals;
    this.#signal = signal;
    const onRetry = (): void => {
      this.#retries += 1;
    };
    this.#send = createClient({ signal, onRetry });
  }

  /** Which order of the workload the next one is. */
  get next(): number {
    return this.#next;
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** How many requests were sent once more. */
  get retries(): number {
    return this.#retries;
  }

  /** Places the next order. @throws Error when it is refused */
  async place(lines: number): Promise<Placed> {
    const sentAt = Date.now();
    const began = performance.now();
    const answer = await this.#request(lines);
    const acceptedMs = performance.now() - began;
    if (answer.status !== 201)
      throw new Error(`An order was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    const { orderId } = answer.body as { readonly orderId: string };
    return { orderId, sentAt, acceptedMs };
  }

  /** Waits until each is confirmed and its customer notified. @throws Error when one never is: it is lost */
  async settled(placed: readonly Placed[], everyMs?: number): Promise<void> {
    let open = placed;
    const remaining = (): number => {
      open = open.filter(
        ({ orderId }) => !(this.#arrivals.isConfirmed(orderId) && this.#arrivals.isNotified(orderId)),
      );
      return open.length;
    };
    const patience = { signal: this.#signal, stallMs: STALL_MS, ...(everyMs !== undefined && { everyMs }) };
    if (await settle(remaining, patience)) return;
    const unconfirmed = open.filter(({ orderId }) => !this.#arrivals.isConfirmed(orderId));
    throw new Error(
      `Of ${placed.length} accepted orders ${unconfirmed.length} are not confirmed and ${open.length} not notified, ` +
        `e.g. ${open[0]?.orderId}; an accepted order must never be lost`,
    );
  }

  /** Orders every product, which the service takes once it has heard of all, and waits for these orders. */
  async whenProductsAreKnown(): Promise<void> {
    const placed: Placed[] = [];
    const deadline = Date.now() + KNOWN_LIMIT_MS;
    while (placed.length * LONGEST_ORDER < productCount) {
      const sentAt = Date.now();
      const { status, body } = await this.#request(LONGEST_ORDER, placed.length);
      if (status === 201) {
        placed.push({ orderId: (body as { readonly orderId: string }).orderId, sentAt, acceptedMs: 0 });
      } else {
        if (status !== 422 || Date.now() > deadline) throw new Error(`The products stay unknown: ${status}`);
        await pause(100);
      }
    }
    await this.settled(placed);
  }

  async #request(lines: number, n = this.#next): Promise<Answer> {
    const idempotencyKey = `bench-${this.#next++}`;
    const body = orderRequest(n, lines);
    const answer = await this.#send({ method: 'POST', url: this.#url, body, idempotencyKey });
    if (answer.status === 201) this.#accepted += 1;
    return answer;
  }
}
