import { environment, text } from '@orderly/functions/env';
import { absent } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import { transact } from '@orderly/functions/table/transaction';
import { type Adjustment, sameRequest } from '../domain/adjustment.ts';
import { adjusting } from '../domain/stock.ts';
import { movingStock } from './product-table.ts';

interface AdjustmentItem extends Adjustment {
  readonly pk: string;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<AdjustmentItem>(env.TABLE_NAME);

export type AdjustmentResult =
  | { readonly outcome: 'adjusted'; readonly adjustment: Adjustment }
  /** The id was used for another request. */
  | { readonly outcome: 'other-request' }
  | { readonly outcome: 'unknown-product' }
  /** The stock would leave its bounds. */
  | { readonly outcome: 'out-of-bounds'; readonly available: unknown };

/** Writes the ledger entry and moves the stock, both or neither. A repeat returns the first entry. */
export async function recordAdjustment(adjustment: Adjustment): Promise<AdjustmentResult> {
  const { sku, adjustmentId, quantity } = adjustment;
  const item = { ...adjustment, pk: `ADJUSTMENT#${sku}#${adjustmentId}` };
  const result = await transact([table.putting(item, absent), movingStock(sku, adjusting(quantity))]);
  if (result.outcome === 'committed') return { outcome: 'adjusted', adjustment };
  if (result.refused.has(0)) {
    const first = await table.get({ pk: item.pk });
    if (first === undefined || !sameRequest(first, adjustment)) return { outcome: 'other-request' };
    return { outcome: 'adjusted', adjustment: toAdjustment(first) };
  }
  const product = result.refused.get(1);
  return product === undefined
    ? { outcome: 'unknown-product' }
    : { outcome: 'out-of-bounds', available: product.available };
}

/** The same fields in the same order, so that a repeat is answered like the first request, byte for byte. */
function toAdjustment({ adjustmentId, sku, quantity, reason, adjustedAt }: AdjustmentItem): Adjustment {
  return { adjustmentId, sku, quantity, reason, adjustedAt };
}
