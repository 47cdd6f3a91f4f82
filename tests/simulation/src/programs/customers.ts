import { orderlyClient } from '@orderly/client';
import type { Accepted } from '@orderly/support/accepted';
import { Driver } from '@orderly/support/driver';
import { runLoad } from '@orderly/support/load';
import { type PlanOptions, planLoad } from '@orderly/support/plan';

export interface CustomersOptions extends PlanOptions {
  readonly services: readonly string[];
  readonly concurrency: number;
  /** Whether an event has said that an order is confirmed, rejected or cancelled. */
  readonly decided: (orderId: string) => boolean;
  readonly onOrder: (count: number) => void;
}

/** Nobody gives up. */
const RETRY_MS = 30 * 86_400_000;

/** Customers and shopkeepers: they carry out a plan against the APIs. */
export class Customers {
  readonly accepted: Accepted;
  readonly #driver: Driver;
  readonly #options: CustomersOptions;

  constructor(options: CustomersOptions) {
    const { services, concurrency } = options;
    const urls = Object.fromEntries(services.map((service) => [service, `https://${service}.example.com`]));
    const client = orderlyClient({ urls, retryForMs: RETRY_MS });
    this.#driver = new Driver({ client, concurrency, knownWithinMs: RETRY_MS });
    this.accepted = this.#driver.accepted;
    this.#options = options;
  }

  /** Resolves when everything is done. */
  run(): Promise<void> {
    const { decided, onOrder, concurrency } = this.#options;
    return runLoad({
      ...{ plan: planLoad(this.#options), driver: this.#driver, concurrency, decided, onOrder },
      patienceMs: 8_000,
      until: new AbortController().signal,
    });
  }
}

export { poison } from '@orderly/support/poison';
