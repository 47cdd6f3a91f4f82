import { median, percentiles, quantile, quartiles, rounded } from '../src/statistics.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('statistics', () => {
  it('take the nearest rank', () => {
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(quartiles(hundred)).toEqual({ q1: 25, median: 50, q3: 75 });
    expect(median([3, 1, 2])).toBe(2);
  });

  it('take the ends for shares of nothing and of all', () => {
    expect([quantile(hundred, 0), quantile(hundred, 1)]).toEqual([1, 100]);
  });

  it('have nothing to say of nothing', () => {
    expect(median([])).toBeNaN();
  });

  it('keep no more digits than asked for', () => {
    expect([rounded(1.25, 1), rounded(19.999, 2)]).toEqual([1.3, 20]);
  });
});
