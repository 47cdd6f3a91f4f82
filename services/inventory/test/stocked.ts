import type { Sku } from '@orderly/contracts';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import { recordAdjustment } from '../src/adapters/adjustment-table.ts';
import { saveProduct } from '../src/adapters/product-table.ts';
import { adjust } from '../src/domain/adjustment.ts';
import { details, newSku, noon } from './builders.ts';

export const inContext = <T>(work: () => Promise<T>) =>
  inRequestContext({ correlationId: 'a-flow', causationId: 'a-cause' }, work);

/** Takes goods in, or writes them off. */
export const restock = (sku: Sku, quantity: number) =>
  recordAdjustment(adjust(sku, { quantity, reason: 'delivery' }, undefined, noon));

/** A product in stock, new unless it is named. */
export async function stocked(onHand: number, sku = newSku()): Promise<Sku> {
  await inContext(() => saveProduct(sku, details()));
  if (onHand > 0) await restock(sku, onHand);
  return sku;
}
