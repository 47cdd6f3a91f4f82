import type { Driver } from './driver.ts';
import { type Fate, type Plan, type PlannedOrder, planLoad } from './plan.ts';
import { type GroupedPoison, poison } from './poison.ts';

/** The same shop wherever it is carried out: orders of all fates, and too little of some products. */
export const scenario = (): Plan => planLoad({ seed: 18, run: 'scenario', orders: 30 });

/** What goes wrong in the scenario: every world knows how to make it. */
export interface Troubles {
  /** Sends messages that no service can process. */
  readonly poison: (messages: readonly GroupedPoison[]) => Promise<void>;
  readonly inventoryLeaves: () => Promise<void>;
  readonly inventoryReturns: () => Promise<void>;
}

/** The number of the order before which poison is sent, and of the one that inventory learns of late. */
const POISON_AT = 11;
const AWAY_AT = 21;

export interface Turns {
  readonly plan: Plan;
  readonly troubles: Troubles;
  readonly driver: Driver;
  /** Resolves when the platform has nothing left to do. */
  readonly atRest: () => Promise<void>;
}

/**
 * Carries out a plan one step after the other, each when nothing of those before it is under way: so the plan decides
 * what comes of it, wherever that is.
 */
export async function takeTurns({ plan, driver, troubles, atRest }: Turns): Promise<void> {
  const save = ({ sku, name, price }: Plan['products'][number]) =>
    driver.saveProduct(sku, { name, price, currency: 'EUR' });
  for (const product of plan.products) {
    await save(product);
    await driver.adjustStock(product.sku, product.stock, `${product.sku}-first`);
  }
  await atRest();
  let orders = 0;
  for (const step of plan.steps) {
    if (step.kind === 'order') {
      if (++orders === POISON_AT) await troubles.poison(poison('scenario'));
      if (orders === AWAY_AT) await troubles.inventoryLeaves();
      const placed = await place(driver, step.order);
      if (orders === AWAY_AT) await troubles.inventoryReturns();
      await follow({ driver, atRest }, placed, step.order.fate);
    } else if (step.kind === 'new price') await save(step.product);
    else await driver.adjustStock(step.adjustment.sku, step.adjustment.quantity, step.adjustment.key);
    await atRest();
  }
}

async function place(driver: Driver, { customer, lines, key }: PlannedOrder): Promise<string> {
  const placed = await driver.place({ customer, lines }, key);
  if (placed.outcome === 'refused') throw placed.problem;
  return placed.order.orderId;
}

async function follow(
  { driver, atRest }: Pick<Turns, 'driver' | 'atRest'>,
  orderId: string,
  fate: Fate,
): Promise<void> {
  if (fate === 'left alone') return;
  if (fate === 'cancelled at once') return void (await driver.cancel(orderId));
  await atRest();
  // At the same time would be a matter of chance.
  if (fate !== 'cancelled once decided') await driver.ship(orderId);
  if (fate !== 'shipped once decided') await driver.cancel(orderId);
}
