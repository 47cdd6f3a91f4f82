import { orderlyClient } from '@orderly/client';
import type { Accepted } from '@orderly/support/accepted';
import { Driver } from '@orderly/support/driver';
import { runLoad } from '@orderly/support/load';
import { type PlannedOrder, type PlanOptions, planLoad } from '@orderly/support/plan';
import { scenario, type Troubles, takeTurns } from '@orderly/support/scenario';

export interface CustomersOptions extends PlanOptions {
  readonly services: readonly string[];
  readonly concurrency: number;
  /** Resolves when an event has said that an order is confirmed, rejected or cancelled. */
  readonly decision: (orderId: string) => Promise<void>;
  readonly onOrder: (count: number) => void;
  /** A customer waits for this with an order. */
  readonly before: (order: PlannedOrder) => Promise<void>;
}

/** Nobody gives up. */
const RETRY_MS = 30 * 86_400_000;

/** Longer than all services can be away in one run. */
const KNOWN_MS = 8 * 3_600_000;

const urlsOf = (services: readonly string[]) =>
  Object.fromEntries(services.map((service) => [service, `https://${service}.example.com`]));

/** Customers and shopkeepers: they carry out a plan against the APIs. */
export class Customers {
  readonly accepted: Accepted;
  readonly #driver: Driver;
  readonly #options: CustomersOptions;

  constructor(options: CustomersOptions) {
    const { services, concurrency } = options;
    const client = orderlyClient({ urls: urlsOf(services), retryForMs: RETRY_MS });
    this.#driver = new Driver({ client, concurrency, knownWithinMs: KNOWN_MS, longestPauseMs: 600_000 });
    this.accepted = this.#driver.accepted;
    this.#options = options;
  }

  /** Resolves when everything is done. */
  run(): Promise<void> {
    const { decision, onOrder, before, concurrency } = this.#options;
    return runLoad({
      ...{ plan: planLoad(this.#options), driver: this.#driver, concurrency, decision, onOrder, before },
      patienceMs: 8_000,
      until: new AbortController().signal,
    });
  }
}

/** Carries out the scenario that the processes carry out, too. @returns what the platform has accepted */
export async function playScenario(
  services: readonly string[],
  troubles: Troubles,
  atRest: (accepted: Accepted) => Promise<void>,
): Promise<Accepted> {
  const client = orderlyClient({ urls: urlsOf(services), retryForMs: RETRY_MS });
  const driver = new Driver({ client, concurrency: 1, knownWithinMs: RETRY_MS });
  await takeTurns({ plan: scenario(), driver, troubles, atRest: () => atRest(driver.accepted) });
  return driver.accepted;
}

export { poison } from '@orderly/support/poison';
