import fc from 'fast-check';
import { unitPrices } from '../../src/cost/prices.ts';
import { charged, priceOf, sum, usage } from '../../src/cost/usage.ts';

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const anyUsage = fc
  .tuple(...charged.map(() => amount))
  .map((amounts) => usage(Object.fromEntries(charged.map((name, place) => [name, amounts[place] ?? 0]))));

it('one of each costs the sum of all prices', () => {
  const one = usage(Object.fromEntries(charged.map((name) => [name, 1])));

  expect(priceOf(one)).toBeCloseTo(
    Object.values(unitPrices).reduce((total, price) => total + price, 0),
    12,
  );
});

it('what is not named costs nothing', () => expect(priceOf(usage({}))).toBe(0));

it('a million write units cost what the price list says', () =>
  expect(priceOf(usage({ writeUnits: 1_000_000 }))).toBeCloseTo(0.625, 9));

it('a sum costs what its parts cost', () =>
  fc.assert(
    fc.property(fc.array(anyUsage, { maxLength: 5 }), (parts) => {
      const apart = parts.reduce((total, part) => total + priceOf(part), 0);

      expect(priceOf(sum(parts))).toBeCloseTo(apart, 6);
    }),
  ));

it('more of anything costs more', () =>
  fc.assert(
    fc.property(anyUsage, fc.constantFrom(...charged), (each, name) => {
      const more = { ...each, [name]: each[name] + 1000 };

      expect(priceOf(more)).toBeGreaterThan(priceOf(each));
    }),
  ));
