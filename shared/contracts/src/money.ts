import * as v from 'valibot';
import { currencyCodes, withoutMinorUnit, withThousandths } from './currency.ts';
import { integer, kindOf } from './limits.ts';

export const Price = v.pipe(
  // Ten trillion of a currency with hundredths: in the weakest ones, the Iranian rial and the Lebanese pound, a house.
  integer('A price', 0, 1_000_000_000_000_000),
  v.brand('MinorUnits'),
  v.description('The price of one piece in minor units (pence, cents); 0 for gifts and samples.'),
);

export const Amount = v.pipe(
  integer('An amount', 0, Number.MAX_SAFE_INTEGER),
  v.brand('MinorUnits'),
  v.description('A sum of money in minor units (pence, cents), small enough for a double to hold exactly.'),
);

/** An amount of money in integer minor units. Its currency is a separate value. */
export type MinorUnits = v.InferOutput<typeof Amount>;

export const Currency = v.pipe(
  v.picklist(currencyCodes, ({ input }) =>
    typeof input === 'string'
      ? 'Not an active ISO 4217 currency code'
      : `A currency must be a string, not ${kindOf(input)}`,
  ),
  v.brand('Currency'),
  v.description('An active ISO 4217 currency code.'),
);
export type Currency = v.InferOutput<typeof Currency>;

/**
 * The number of digits of a currency's minor unit (ISO 4217, list one): 2 for EUR, so 1530 is 15.30.
 *
 * `Intl` is no substitute: it follows how people round (Unicode CLDR), which differs for sixteen currencies. It would
 * show 15.30 forint as 1530.
 */
export function minorDigits(currency: Currency): 0 | 2 | 3 {
  if (withoutMinorUnit.includes(currency)) return 0;
  return withThousandths.includes(currency) ? 3 : 2;
}

/** The price of `quantity` pieces. @throws ValiError beyond what a double holds exactly */
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
