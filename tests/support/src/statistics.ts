/** The middle half of a sample. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
}

/** The tail of a sample. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * The value below which a share of the sample lies, by the nearest rank.
 *
 * @param share between 0 and 1
 * @returns NaN for an empty sample
 */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

export const quartiles = (sample: readonly number[]): Quartiles => ({
  q1: quantile(sample, 0.25),
  median: median(sample),
  q3: quantile(sample, 0.75),
});

export const percentiles = (sample: readonly number[]): Percentiles => ({
  p50: quantile(sample, 0.5),
  p95: quantile(sample, 0.95),
  p99: quantile(sample, 0.99),
});

/** A figure as it is kept: no more digits than repeat. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
