import { setTimeout as pause } from 'node:timers/promises';
import type { Answered, Driver } from './driver.ts';
import { inParallel } from './parallel.ts';
import type { Plan, PlannedOrder, PlannedProduct, Step } from './plan.ts';

export interface LoadOptions {
  readonly plan: Plan;
  readonly driver: Driver;
  /** How many calls at once; there are more customers, and most of them wait. */
  readonly concurrency: number;
  /** Resolves when an event has said that an order is confirmed, rejected or cancelled. */
  readonly decision: (orderId: string) => Promise<void>;
  /** How long a customer waits for a decision before going on without, in milliseconds. */
  readonly patienceMs: number;
  /** Ends the load before its plan does. */
  readonly until: AbortSignal;
  readonly onOrder: (count: number) => void;
  /** A customer waits for this with an order. */
  readonly before?: (order: PlannedOrder) => Promise<void>;
}

/** Customers for each call that may be under way. */
const WAITING = 6;
/** So many come at once, the others one by one: each call more at a time is a function's worker that has to start. */
const AT_ONCE = 16;
const RAMP_MS = 300;

/** Carries out the plan against the APIs; each call is tried until there is an answer that says yes or no. */
export async function runLoad(options: LoadOptions): Promise<void> {
  const { driver, plan, concurrency, until } = options;
  await inParallel(plan.products, concurrency, async (product) => {
    await save(driver, product);
    await driver.adjustStock(product.sku, product.stock, `${product.sku}-first`);
  });
  const steps = plan.steps[Symbol.iterator]();
  const customer = async (place: number): Promise<void> => {
    await pause(Math.max(0, place - AT_ONCE) * RAMP_MS);
    for (let next = steps.next(); !next.done && !until.aborted; next = steps.next())
      await take(options, next.value);
  };
  await Promise.all(Array.from({ length: concurrency * WAITING }, (_, place) => customer(place)));
}

const save = (driver: Driver, { sku, name, price }: PlannedProduct): Promise<unknown> =>
  driver.saveProduct(sku, { name, price, currency: 'EUR' });

async function take(options: LoadOptions, step: Step): Promise<void> {
  const { driver, until, onOrder, before } = options;
  if (step.kind === 'new price') return void (await save(driver, step.product));
  if (step.kind === 'adjustment') {
    const { sku, quantity, key } = step.adjustment;
    return void (await driver.adjustStock(sku, quantity, key));
  }
  const { customer, lines, key } = step.order;
  await before?.(step.order);
  const placed = await driver.place({ customer, lines }, key, until);
  if (placed.outcome === 'refused') return expectRefusal(placed, 'urn:orderly:problem:unknown-sku');
  onOrder(driver.accepted.orders.size);
  await follow(options, placed.order.orderId, step.order);
}

async function follow(
  { driver, decision, patienceMs }: LoadOptions,
  orderId: string,
  { fate }: PlannedOrder,
): Promise<void> {
  const move = async (transition: 'cancel' | 'ship'): Promise<void> =>
    expectRefusal(await driver[transition](orderId), `urn:orderly:problem:order-not-${refused[transition]}`);
  if (fate === 'left alone') return;
  if (fate === 'cancelled at once') return move('cancel');
  const decided = new AbortController();
  await Promise.race([decision(orderId), pause(patienceMs, undefined, { signal: decided.signal })]);
  decided.abort();
  await Promise.all([
    ...(fate === 'cancelled once decided' ? [] : [move('ship')]),
    ...(fate === 'shipped once decided' ? [] : [move('cancel')]),
  ]);
}

const refused = { cancel: 'cancelled', ship: 'shipped' };

/** @throws ProblemError when the platform refused what it must take */
function expectRefusal(answered: Answered, type: string): void {
  if (answered.outcome === 'refused' && answered.problem.type !== type) throw answered.problem;
}
