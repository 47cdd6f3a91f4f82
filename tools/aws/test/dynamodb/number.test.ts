import fc from 'fast-check';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  numberSortText,
  subtractNumbers,
} from '../../dynamodb/number.ts';

/** Decimals of up to 17 digits and 20 places, as text and as multiples of 10^-20: sums of two have 38 digits. */
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 20 }))
  .map(([digits, places]) => ({ text: `${digits}e-${places}`, scaled: digits * 10n ** BigInt(20 - places) }));

const scaledOf = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(20, '0')}`);
};

describe('A number', () => {
  it.each([
    ['+7', '7'],
    ['.5', '0.5'],
  ])('written %s is %s', (given, canonical) => {
    expect(canonicalNumber(given)).toBe(canonical);
  });

  it('is added and subtracted exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [canonicalNumber(a.text), canonicalNumber(b.text)];
        expect(scaledOf(addNumbers(x, y))).toBe(a.scaled + b.scaled);
        expect(scaledOf(subtractNumbers(x, y))).toBe(a.scaled - b.scaled);
      }),
    );
  });

  it('is compared, and sorted as a key, by its value', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [canonicalNumber(a.text), canonicalNumber(b.text)];
        const order = a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0;
        expect(Math.sign(compareNumbers(x, y))).toBe(order);
        const [k, l] = [numberSortText(x), numberSortText(y)];
        expect(k < l ? -1 : k > l ? 1 : 0).toBe(order);
      }),
    );
  });
});
