import * as v from 'valibot';
import { currencyCodes, withoutMinorUnit, withThousandths } from './currency.ts';
import { integer } from './limits.ts';

export const Price = v.pipe(
  integer('A price', 1, 100_000_000),
  v.brand('MinorUnits'),
  v.description('The price of one piece in minor units (pence, cents).'),
);

export const Amount = v.pipe(
  integer('An amount', 0, Number.MAX_SAFE_INTEGER),
  v.brand('MinorUnits'),
  v.description('A sum of money in minor units (pence, cents) that a double holds exactly.'),
);

/** Money is integer minor units; its currency stands beside it. */
export type MinorUnits = v.InferOutput<typeof Amount>;

export const Currency = v.pipe(
  v.picklist(currencyCodes, 'Not an active ISO 4217 currency code'),
  v.brand('Currency'),
  v.description('An active ISO 4217 currency code.'),
);
export type Currency = v.InferOutput<typeof Currency>;

/**
 * How many digits the minor unit of a currency has (ISO 4217, list one): 2 for EUR, so 1530 are 15.30.
 *
 * What `Intl` takes for it is how people round (Unicode CLDR), which differs for sixteen currencies: it would show
 * 15.30 forint as 1530.
 */
export function minorDigits(currency: Currency): 0 | 2 | 3 {
  if (withoutMinorUnit.includes(currency)) return 0;
  return withThousandths.includes(currency) ? 3 : 2;
}

/** What `quantity` pieces cost. @throws ValiError beyond what a double holds exactly */
export function times(price: MinorUnits, quantity: number): MinorUnits {
  return v.parse(Amount, price * quantity);
}

/** The sum of amounts of one currency. @throws ValiError beyond what a double holds exactly */
export function sum(amounts: readonly MinorUnits[]): MinorUnits {
  return v.parse(
    Amount,
    amounts.reduce((total, amount) => total + amount, 0),
  );
}
