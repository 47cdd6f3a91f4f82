import type { Driver } from './driver.ts';
import { type Plan, type PlannedOrder, planLoad } from './plan.ts';

/** The same shop wherever it is carried out: orders of all fates, and too little of some products. */
export const scenario = (): Plan => planLoad({ seed: 18, run: 'scenario', orders: 40 });

export interface Turns {
  readonly plan: Plan;
  readonly driver: Driver;
  /** Resolves when the platform has nothing left to do. */
  readonly atRest: () => Promise<void>;
}

/**
 * Carries out a plan one step after the other, each when nothing of those before it is under way: so the plan decides
 * what comes of it, wherever that is.
 */
export async function takeTurns({ plan, driver, atRest }: Turns): Promise<void> {
  const save = ({ sku, name, price }: Plan['products'][number]) =>
    driver.saveProduct(sku, { name, price, currency: 'EUR' });
  for (const product of plan.products) {
    await save(product);
    await driver.adjustStock(product.sku, product.stock, `${product.sku}-first`);
  }
  await atRest();
  for (const step of plan.steps) {
    if (step.kind === 'order') await follow({ driver, atRest }, step.order);
    else if (step.kind === 'new price') await save(step.product);
    else await driver.adjustStock(step.adjustment.sku, step.adjustment.quantity, step.adjustment.key);
    await atRest();
  }
}

async function follow(
  { driver, atRest }: Omit<Turns, 'plan'>,
  { customer, lines, key, fate }: PlannedOrder,
): Promise<void> {
  const placed = await driver.place({ customer, lines }, key);
  if (placed.outcome === 'refused') throw placed.problem;
  const { orderId } = placed.order;
  if (fate === 'left alone') return;
  if (fate === 'cancelled at once') return void (await driver.cancel(orderId));
  await atRest();
  // At the same time would be a matter of chance.
  if (fate !== 'cancelled once decided') await driver.ship(orderId);
  if (fate !== 'shipped once decided') await driver.cancel(orderId);
}
