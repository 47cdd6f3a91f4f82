import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws from one seeded stream: the same seed and the same calls give the same values on every machine. */
export interface Random {
  /** An integer from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** True with this probability (0 to 1). */
  chance(probability: number): boolean;
  /** One of a list that is not empty, each equally likely. */
  pick<T>(list: readonly T[]): T;
  /** Log-normal with this median; `sigma` is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
  /** An index of `cumulative` (running totals of weights), as likely as its weight. */
  weighted(cumulative: readonly number[]): number;
}

/** @param seed any 32-bit integer */
export const createRandom = (seed: number): Random => {
  const stream = xoroshiro128plus(seed);
  const real = (): number => uniformFloat64(stream);
  const int = (from: number, to: number): number => uniformInt(stream, from, to);
  return {
    int,
    chance: (probability) => real() < probability,
    pick: (list) => {
      const value = list[int(0, list.length - 1)];
      if (value === undefined) throw new RangeError('pick needs a list that is not empty');
      return value;
    },
    logNormal: (median, sigma) => {
      // Box-Muller; 1 - real() is never zero, so the logarithm is finite.
      const normal = Math.sqrt(-2 * Math.log(1 - real())) * Math.cos(2 * Math.PI * real());
      return median * Math.exp(sigma * normal);
    },
    weighted: (cumulative) => firstAbove(cumulative, real() * (cumulative.at(-1) ?? 0)),
  };
};

/** Running totals, for `Random.weighted`. */
export const cumulate = (weights: readonly number[]): number[] => {
  let total = 0;
  return weights.map((weight) => {
    total += weight;
    return total;
  });
};

const firstAbove = (cumulative: readonly number[], value: number): number => {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
};
