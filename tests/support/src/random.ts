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
  /** An integer from 0 to `most`: mostly small, now and then very large (Lomax). */
  tail(shape: Tail): number;
  /** An index of `cumulative` (running totals of weights), as likely as its weight. */
  weighted(cumulative: readonly number[]): number;
}

/** `scale` stretches the values; the larger `exponent` (0 to 1), the heavier the tail. Above `most` it draws again. */
interface Tail {
  readonly scale: number;
  readonly exponent: number;
  readonly most: number;
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
    tail: ({ scale, exponent, most }) => {
      for (;;) {
        // 1 - real() is never zero, so the power is finite.
        const value = Math.floor(scale * ((1 - real()) ** -exponent - 1));
        if (value <= most) return value;
      }
    },
    weighted: (cumulative) => {
      const drawn = real() * (cumulative.at(-1) ?? 0);
      return cumulative.findIndex((total) => total > drawn);
    },
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
