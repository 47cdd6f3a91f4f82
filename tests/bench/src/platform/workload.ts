import type { NewOrder } from '@orderly/client';

/** How many products every run sells; so many that the orders of one batch want different ones. */
const productCount = 200;

/** All of one length, so that requests for different products have the same size. */
export const skuOf = (place: number): string => `BENCH-${String(place % productCount).padStart(4, '0')}`;

export const skus: readonly string[] = Array.from({ length: productCount }, (_, place) => skuOf(place));

/**
 * The n-th order of a run.
 *
 * @param lines how many products it has, 1 to 99
 */
export function orderRequest(n: number, lines: number): NewOrder {
  const id = `customer-${String(n % 1000).padStart(4, '0')}`;
  return {
    customer: { id, email: `${id}@example.com` },
    lines: Array.from({ length: lines }, (_, line) => ({ sku: skuOf(n * lines + line), quantity: 1 })),
  };
}
