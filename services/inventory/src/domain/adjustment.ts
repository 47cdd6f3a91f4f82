import { createHash, randomUUID } from 'node:crypto';
import type { Sku } from '@orderly/contracts';

/** An entry of a product's stock ledger: goods that came in or were written off, and why. */
export interface Adjustment {
  readonly adjustmentId: string;
  readonly sku: Sku;
  /** Pieces; negative when they were written off. */
  readonly quantity: number;
  readonly reason: string;
  readonly adjustedAt: string;
}

/**
 * Records an adjustment. With an idempotency key its id is derived from product and key, so that the same
 * request always means the same adjustment.
 */
export function adjust(
  sku: Sku,
  request: { readonly quantity: number; readonly reason: string },
  idempotencyKey: string | undefined,
  at: Date,
): Adjustment {
  const adjustmentId =
    idempotencyKey === undefined
      ? randomUUID()
      : createHash('sha256').update(`${sku}\0${idempotencyKey}`).digest('hex').slice(0, 32);
  return { adjustmentId, sku, ...request, adjustedAt: at.toISOString() };
}

/** Whether two adjustments come from the same request. */
export function sameRequest(one: Adjustment, other: Adjustment): boolean {
  return one.sku === other.sku && one.quantity === other.quantity && one.reason === other.reason;
}
