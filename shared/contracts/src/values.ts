import * as v from 'valibot';
import { anyText, integer, notText, text } from './limits.ts';
import { Amount, Price } from './money.ts';

/**
 * The values in events and APIs of the platform, with their limits. Personal data are marked with `x-personal`:
 * `identifying` values name or reach a person, `pseudonymous` ones only their issuer can resolve.
 */

// A URL path cannot address the characters in the first class: servers and proxies decode them before they route.
const unaddressable = /[/\\?#%]/;
const printable =
  /^(?!\p{Zs}|.*\p{Zs}$|\.{1,2}$)[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800/\\?#%]{1,64}$/u;

/**
 * Unicode text. Two encodings of one text must be one SKU, so the APIs convert what they receive to Normalization
 * Form C (https://unicode.org/reports/tr15), which a pattern cannot check.
 */
export const Sku = v.pipe(
  anyText('A SKU'),
  v.regex(printable, ({ input }) => `A SKU ${skuFault(input)}`),
  v.brand('Sku'),
  v.description(
    'Stock keeping unit: 1 to 64 printable characters in NFC, case-sensitive. It has no blank at either end and no / \\ ? # %, and is neither "." nor "..".',
  ),
);

function skuFault(input: string): string {
  const [character] = unaddressable.exec(input) ?? [];
  if (character !== undefined) return `must not hold "${character}", which a URL path cannot address`;
  if (/^\.{1,2}$/.test(input)) return `must not be "${input}", which a URL path cannot address`;
  if (input.trim() !== input) return 'must not begin or end with a blank';
  const { length } = [...input];
  return length > 0 && length <= 64
    ? 'must hold printable characters only'
    : `is 1 to 64 characters long, not ${length}`;
}

export type Sku = v.InferOutput<typeof Sku>;

// A bundler keeps what reads a property, used or not, and drops this call.
/* @__NO_SIDE_EFFECTS__ */
const sourceOf = ({ source }: RegExp) => source;

/** A `Sku` as callers may write it, in any Unicode normalization form: NFC is the form that events carry. */
export const SkuInput = v.pipe(
  v.string(notText('A SKU')),
  v.metadata({
    description:
      'Stock keeping unit: 1 to 64 printable characters, case-sensitive. It has no blank at either end and no / \\ ? # %, and is neither "." nor "..". It is converted to Unicode Normalization Form C.',
    pattern: sourceOf(printable),
  }),
  v.transform((text) => text.normalize('NFC')),
  Sku,
);

export const OrderId = v.pipe(
  anyText('An order id'),
  v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'An order id is a UUID in lower case'),
  v.brand('OrderId'),
  v.description('The id of an order: a UUID (RFC 9562) in lower case.'),
);
export type OrderId = v.InferOutput<typeof OrderId>;

export const CustomerId = v.pipe(
  anyText('A customer id'),
  v.regex(
    /^[A-Za-z0-9._:|@-]{1,64}$/,
    'A customer id is 1 to 64 letters, digits, ".", "_", ":", "|", "@" or "-"',
  ),
  v.brand('CustomerId'),
  v.metadata({
    description: 'The id of a customer, assigned by the caller.',
    'x-personal': 'pseudonymous',
  }),
);
export type CustomerId = v.InferOutput<typeof CustomerId>;

// RFC 5321, section 4.1.2: a Dot-string of at most 64 octets (4.5.3.1.1) at a domain of two labels or more, whose labels
// have at most 63 (RFC 1035, section 2.3.4). Internationalised domains are in punycode (RFC 5890), as they are on the wire.
const mailbox =
  /^(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

// The length: RFC 5321, section 4.5.3.1.3.
export const Email = v.pipe(
  anyText('An e-mail address'),
  v.maxLength(254, 'An e-mail address is at most 254 characters long'),
  v.regex(mailbox, ({ input }) => mailboxFault(input)),
  v.metadata({
    description: 'An e-mail address (RFC 5321) in ASCII. An internationalised domain is in punycode.',
    format: 'email',
    'x-personal': 'identifying',
  }),
);

function mailboxFault(input: string): string {
  const at = input.lastIndexOf('@');
  return /[^\0-\x7f]/.test(input.slice(0, Math.max(at, 0)))
    ? 'The part of an e-mail address before the @ must be ASCII: many mail servers take nothing else (RFC 6531)'
    : 'Not an e-mail address';
}

/** Replaces the address of an erased customer. It reaches nobody (RFC 2606, section 2). */
export const erasedEmail = 'forgotten@orderly.invalid';

export const Quantity = v.pipe(integer('A quantity', 1, 100_000), v.description('A number of pieces.'));

export const StockLevel = v.pipe(
  integer('A stock level', 0, 1_000_000_000),
  v.description('A number of pieces in stock.'),
);

export const AdjustmentQuantity = v.pipe(
  integer('A quantity', -1_000_000, 1_000_000),
  v.notValue(0, 'A quantity must not be zero'),
  v.description('The change of a stock level: positive for goods received, negative for goods written off.'),
);

export const ProductName = v.pipe(
  text('A product name', 200),
  v.description('The name of a product as customers see it.'),
);

export const OnSale = v.pipe(
  v.boolean('"onSale" must be true or false'),
  v.description('Whether a product can be ordered. A product that is off sale keeps its stock.'),
);

export const Timestamp = v.pipe(
  anyText('A timestamp'),
  v.regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/,
    'Not a timestamp such as 2026-01-31T12:00:00.000Z',
  ),
  v.description('A point in time: RFC 3339, UTC, with milliseconds.'),
);

export const Reason = v.pipe(text('A reason', 500), v.description('The reason, in words for people.'));

export const Reference = v.pipe(
  text('A reference', 64),
  v.metadata({
    description: "The caller's own number for an order, unchanged.",
    'x-personal': 'identifying',
  }),
);

/** Notes may be empty and have several lines. Characters that cannot be displayed are refused. */
const metadataValue = v.pipe(
  anyText('A metadata value'),
  v.maxLength(500, 'A metadata value must be at most 500 characters long'),
  v.regex(
    /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u,
    'A metadata value must not hold lone surrogates or control characters other than tabs and line breaks',
  ),
);

const maxPairs = 20;

export const Metadata = v.pipe(
  v.record(
    text('The name of a metadata pair', 40),
    metadataValue,
    'Metadata must be an object whose values are strings',
  ),
  v.maxEntries(maxPairs, `Metadata has at most ${maxPairs} pairs`),
  v.metadata({
    description: "The caller's own notes on an order, unchanged.",
    'x-personal': 'identifying',
  }),
);
export type Metadata = v.InferOutput<typeof Metadata>;

export const SkuQuantity = v.pipe(
  v.object({ sku: Sku, quantity: Quantity }),
  v.description('A SKU and a number of pieces.'),
);
export type SkuQuantity = v.InferOutput<typeof SkuQuantity>;

export const Shortage = v.pipe(
  v.object({ sku: Sku, requested: Quantity, available: StockLevel }),
  v.description('A SKU with the quantity requested and the stock available.'),
);
export type Shortage = v.InferOutput<typeof Shortage>;

export const Customer = v.pipe(
  v.object({ id: CustomerId, email: Email }),
  v.description('The customer who placed an order.'),
);
export type Customer = v.InferOutput<typeof Customer>;

export const OrderLine = v.pipe(
  v.object({ sku: Sku, name: ProductName, quantity: Quantity, unitPrice: Price, lineTotal: Amount }),
  v.description('A product in an order, at the price that applies to the order.'),
);
export type OrderLine = v.InferOutput<typeof OrderLine>;
