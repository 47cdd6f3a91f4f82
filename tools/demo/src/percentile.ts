/**
 * The nearest-rank percentile: the smallest value with at least `p` percent of the values at or below it.
 *
 * @param sorted values in ascending order
 * @param p more than 0, at most 100
 * @returns NaN when there is no value
 */
export const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
