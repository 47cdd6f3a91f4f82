import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { StockLevel } from './api.ts';
import { inParallel } from './parallel.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import type { Product } from './workload.ts';

/** One adjustment moves at most as many pieces as a row of an order can hold. */
const MAX_ADJUSTMENT = 100_000;

/** How long to wait for the next ProductUpserted; a product that did not change may not be announced again. */
const ANNOUNCEMENT_MS = 5_000;

/**
 * Registers every product with its price and makes `target` pieces of it available, whatever was there before.
 *
 * @returns the stock of each product when the orders start
 */
export const registerProducts = async (
  session: Session,
  catalogue: readonly Product[],
  target: (sku: string) => number,
): Promise<Map<string, StockLevel>> => {
  const startedAt = Date.now();
  const levels = await inParallel(catalogue, session.concurrency, async (product) => {
    const before = await session.api.putProduct(product);
    const change = target(product.sku) - before.available;
    await adjust(session, product.sku, change);
    return {
      onHand: before.onHand + change,
      reserved: before.reserved,
      available: before.available + change,
    };
  });
  await awaitAnnouncements(session, catalogue);
  const early = session.discoveryMs - (Date.now() - startedAt);
  if (early > 0) await pause(early, undefined, { signal: session.signal });
  return new Map(catalogue.flatMap(({ sku }, index) => levelEntry(sku, levels[index])));
};

const levelEntry = (sku: string, level: StockLevel | undefined): [string, StockLevel][] =>
  level ? [[sku, level]] : [];

const adjust = async ({ api, run }: Session, sku: string, change: number): Promise<void> => {
  // A key is short and ASCII, which a SKU need not be.
  const product = createHash('sha256').update(sku).digest('base64url');
  let left = change;
  for (let part = 0; left !== 0; part += 1) {
    const quantity = Math.max(-MAX_ADJUSTMENT, Math.min(MAX_ADJUSTMENT, left));
    await api.adjustStock(sku, quantity, `demo-${run}-${product}-${part}`);
    left -= quantity;
  }
};

/** The orders service learns of products from the same events, so orders before them would be refused. */
const awaitAnnouncements = async (
  { subscription, signal, stallMs }: Session,
  catalogue: readonly Product[],
): Promise<void> => {
  const unknown = (): number => catalogue.filter(({ sku }) => !subscription.knowsProduct(sku)).length;
  await settle(unknown, { signal, stallMs: Math.min(stallMs, ANNOUNCEMENT_MS) });
};
