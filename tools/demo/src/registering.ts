import { createHash } from 'node:crypto';
import { inParallel } from '@orderly/support/parallel';
import type { Session } from './session.ts';
import type { Product } from './workload.ts';

/** One adjustment moves at most as many pieces as a row of an order can hold. */
const MAX_ADJUSTMENT = 100_000;

/** The retail data is in pounds sterling. */
const currency = 'GBP';

/** Registers every product with its price and makes `target` pieces of it available, whatever was there before. */
export const registerProducts = async (
  session: Session,
  catalogue: readonly Product[],
  target: (sku: string) => number,
): Promise<void> => {
  await inParallel(catalogue, session.concurrency, async ({ sku, name, price }) => {
    const { available } = await session.driver.saveProduct(sku, { name, price, currency });
    await adjust(session, sku, target(sku) - available);
  });
};

const adjust = async ({ driver, run }: Session, sku: string, change: number): Promise<void> => {
  // A key is short and ASCII, which a SKU need not be.
  const product = createHash('sha256').update(sku).digest('base64url');
  let left = change;
  for (let part = 0; left !== 0; part += 1) {
    const quantity = Math.max(-MAX_ADJUSTMENT, Math.min(MAX_ADJUSTMENT, left));
    const accepted = await driver.adjustStock(sku, quantity, `demo-${run}-${product}-${part}`);
    if (!accepted) throw new Error(`The stock of ${sku} cannot be changed by ${quantity}`);
    left -= quantity;
  }
};
