import fc from 'fast-check';
import { currencyCodes } from '../src/currency.ts';
import { Amount, Currency, type MinorUnits, minorDigits, parse, sum, times } from '../src/index.ts';

const money = (value: number): MinorUnits => {
  const parsed = parse(Amount, value);
  if (parsed.outcome === 'invalid') throw new Error(`${value} is no amount`);
  return parsed.value;
};
const max = Number.MAX_SAFE_INTEGER;

describe('times', () => {
  it.each([
    [255, 6, 1_530],
    [1, 100_000, 100_000],
    [1_000_000_000_000_000, 9, 9_000_000_000_000_000],
    [0, 100_000, 0],
    [255, 0, 0],
    [max, 1, max],
  ])('of %d each and %d pieces is %d', (price, quantity, total) => {
    expect(times(money(price), quantity)).toBe(total);
  });

  it.each([
    [max, 2],
    [1_000_000_000_000_000, 100_000],
    [2 ** 52, 2],
    [255, -1],
    [255, 0.5],
    [255, Number.NaN],
    [255, Number.POSITIVE_INFINITY],
  ])('refuses %d each and %d pieces, which no double holds exactly', (price, quantity) => {
    expect(() => times(money(price), quantity)).toThrow('An amount must be');
  });
});

describe('sum', () => {
  it.each([
    [[], 0],
    [[5], 5],
    [[1_530, 678], 2_208],
    [[max - 1, 1], max],
  ])('of %j is %d', (amounts, total) => {
    expect(sum(amounts.map(money))).toBe(total);
  });

  it('refuses a total beyond the integers that a double holds exactly', () => {
    expect(() => sum([max, 1].map(money))).toThrow(`An amount must be at most ${max}`);
  });

  it('is exact or refused, never rounded', () => {
    const amounts = fc.array(fc.integer({ min: 0, max }), { maxLength: 8 });

    fc.assert(
      fc.property(amounts, (values) => {
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        const add = () => BigInt(sum(values.map(money)));
        if (exact <= BigInt(max)) expect(add()).toBe(exact);
        else expect(add).toThrow();
      }),
    );
  });
});

describe('the currency list', () => {
  it('holds three capital letters each, sorted, none twice', () => {
    expect(currencyCodes.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
    expect(currencyCodes).toEqual([...new Set(currencyCodes)].sort());
  });

  it('names no metal, fund, bond unit or test code', () => {
    const excluded =
      'BOV CHE CHW CLF COU MXV USN UYI UYW XAD XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX';

    expect(excluded.split(' ').filter((code) => currencyCodes.includes(code))).toEqual([]);
  });
});

describe('minorDigits', () => {
  const digitsOf = (code: string) => {
    const currency = parse(Currency, code);
    return currency.outcome === 'valid' ? minorDigits(currency.value) : undefined;
  };

  it.each([
    ['EUR', 2],
    ['HUF', 2],
    ['JPY', 0],
    ['XPF', 0],
    ['KWD', 3],
    ['TND', 3],
  ])('of %s are %d', (code, digits) => {
    expect(digitsOf(code)).toBe(digits);
  });

  it('are two, except for sixteen currencies without a minor unit and seven with thousandths', () => {
    const digits = currencyCodes.map(digitsOf);

    expect([0, 2, 3].map((each) => digits.filter((one) => one === each).length)).toEqual([
      16,
      currencyCodes.length - 23,
      7,
    ]);
  });
});
