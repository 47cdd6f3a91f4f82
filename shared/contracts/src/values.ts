import * as v from 'valibot';
import { currencyCodes } from './currency.ts';

/** The values that every event and every API of the platform is made of, with their limits. */

const text = (what: string, max: number) =>
  v.pipe(
    v.string(`${what} must be a string`),
    v.minLength(1, `${what} must not be empty`),
    v.maxLength(max, `${what} must be at most ${max} characters long`),
    // Control characters have no place in a name; they forge log lines and mail headers.
    v.regex(/^[^\p{Cc}\p{Cs}]*$/u, `${what} must not hold control characters or lone surrogates`),
  );

const integer = (what: string, min: number, max: number) =>
  v.pipe(
    v.number(`${what} must be a number`),
    v.integer(`${what} must be an integer`),
    v.minValue(min, `${what} must be at least ${min}`),
    v.maxValue(max, `${what} must be at most ${max}`),
  );

/** Stock keeping unit: 1 to 64 letters, digits, `.`, `_` or `-`, the first a letter or digit. Case matters. */
export const Sku = v.pipe(
  v.string('A SKU must be a string'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'A SKU is 1 to 64 letters, digits, ".", "_" or "-" and starts with a letter or digit',
  ),
  v.brand('Sku'),
);
export type Sku = v.InferOutput<typeof Sku>;

/** An order's identity: a UUID (RFC 9562) in lower case. */
export const OrderId = v.pipe(
  v.string('An order id must be a string'),
  v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'An order id is a UUID in lower case'),
  v.brand('OrderId'),
);
export type OrderId = v.InferOutput<typeof OrderId>;

/** The customer's id as the caller knows it: 1 to 64 letters, digits, `.`, `_`, `:`, `|`, `@` or `-`. */
export const CustomerId = v.pipe(
  v.string('A customer id must be a string'),
  v.regex(
    /^[A-Za-z0-9._:|@-]{1,64}$/,
    'A customer id is 1 to 64 letters, digits, ".", "_", ":", "|", "@" or "-"',
  ),
  v.brand('CustomerId'),
);
export type CustomerId = v.InferOutput<typeof CustomerId>;

/** An e-mail address of at most 254 characters (RFC 5321, section 4.5.3.1.3). */
export const Email = v.pipe(
  v.string('An e-mail address must be a string'),
  v.maxLength(254, 'An e-mail address is at most 254 characters long'),
  v.email('Not an e-mail address'),
);

/** How many pieces: 1 to 100,000. */
export const Quantity = integer('A quantity', 1, 100_000);

/** How many pieces there are: zero or more. */
export const StockLevel = integer('A stock level', 0, 1_000_000_000);

/** A price of one piece in minor units (pence, cents): 1 to 100,000,000. */
export const Price = v.pipe(integer('A price', 1, 100_000_000), v.brand('MinorUnits'));

/** Any sum of money in minor units that a double holds exactly. */
export const Amount = v.pipe(integer('An amount', 0, Number.MAX_SAFE_INTEGER), v.brand('MinorUnits'));
/** Money is integer minor units; its currency stands beside it. */
export type MinorUnits = v.InferOutput<typeof Amount>;

/** An active ISO 4217 currency code. */
export const Currency = v.pipe(
  v.picklist(currencyCodes, 'Not an active ISO 4217 currency code'),
  v.brand('Currency'),
);
export type Currency = v.InferOutput<typeof Currency>;

/** What customers read: 1 to 200 characters. */
export const ProductName = text('A product name', 200);

/** An instant: RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Timestamp = v.pipe(
  v.string('A timestamp must be a string'),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'Not a timestamp such as 2026-01-31T12:00:00.000Z'),
);

/** Why something was done or refused: 1 to 500 characters. */
export const Reason = text('A reason', 500);

/** A SKU and how many pieces of it. */
export const SkuQuantity = v.object({ sku: Sku, quantity: Quantity });
export type SkuQuantity = v.InferOutput<typeof SkuQuantity>;

/** What was wanted of a SKU and what there was. */
export const Shortage = v.object({ sku: Sku, requested: Quantity, available: StockLevel });
export type Shortage = v.InferOutput<typeof Shortage>;

export const Customer = v.object({ id: CustomerId, email: Email });
export type Customer = v.InferOutput<typeof Customer>;

export const OrderLine = v.object({
  sku: Sku,
  name: ProductName,
  quantity: Quantity,
  unitPrice: Price,
  lineTotal: Amount,
});
export type OrderLine = v.InferOutput<typeof OrderLine>;
