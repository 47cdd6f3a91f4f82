import { Currency, parse } from '@orderly/contracts';
import { money } from '../src/money.ts';

it.each([
  [100, 'EUR', '1.00 EUR'],
  [5, 'EUR', '0.05 EUR'],
  [0, 'EUR', '0.00 EUR'],
  [123_456_789, 'GBP', '1,234,567.89 GBP'],
  [153, 'JPY', '153 JPY'],
  [1_234_567, 'KWD', '1,234.567 KWD'],
  [Number.MAX_SAFE_INTEGER, 'IDR', '90,071,992,547,409.91 IDR'],
])('%d minor units of %s are %s', (amount, code, text) => {
  const currency = parse(Currency, code);

  expect(currency.outcome === 'valid' && money(amount, currency.value)).toBe(text);
});
