import * as v from 'valibot';
import { integer, text } from './limits.ts';
import { Amount, Price } from './money.ts';

/**
 * The values that every event and every API of the platform is made of, with their limits. What is personal says so:
 * `x-personal` is `identifying` where a value names or reaches a person, `pseudonymous` where only who gave it out
 * knows whom it means.
 */

export const Sku = v.pipe(
  v.string('A SKU must be a string'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'A SKU is 1 to 64 letters, digits, ".", "_" or "-" and starts with a letter or digit',
  ),
  v.brand('Sku'),
  v.description('A stock keeping unit. Case matters.'),
);
export type Sku = v.InferOutput<typeof Sku>;

export const OrderId = v.pipe(
  v.string('An order id must be a string'),
  v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'An order id is a UUID in lower case'),
  v.brand('OrderId'),
  v.description('The identity of an order: a UUID (RFC 9562) in lower case.'),
);
export type OrderId = v.InferOutput<typeof OrderId>;

export const CustomerId = v.pipe(
  v.string('A customer id must be a string'),
  v.regex(
    /^[A-Za-z0-9._:|@-]{1,64}$/,
    'A customer id is 1 to 64 letters, digits, ".", "_", ":", "|", "@" or "-"',
  ),
  v.brand('CustomerId'),
  v.metadata({
    description: 'The id of a customer as the caller knows it.',
    'x-personal': 'pseudonymous',
  }),
);
export type CustomerId = v.InferOutput<typeof CustomerId>;

// The limit: RFC 5321, section 4.5.3.1.3.
export const Email = v.pipe(
  v.string('An e-mail address must be a string'),
  v.maxLength(254, 'An e-mail address is at most 254 characters long'),
  v.email('Not an e-mail address'),
  v.metadata({ description: 'An e-mail address.', 'x-personal': 'identifying' }),
);

/** Stands where the address of a customer was who was forgotten: it reaches nobody (RFC 2606, section 2). */
export const forgottenEmail = 'forgotten@orderly.invalid';

export const Quantity = v.pipe(integer('A quantity', 1, 100_000), v.description('How many pieces.'));

export const StockLevel = v.pipe(
  integer('A stock level', 0, 1_000_000_000),
  v.description('How many pieces there are.'),
);

export const AdjustmentQuantity = v.pipe(
  integer('A quantity', -1_000_000, 1_000_000),
  v.notValue(0, 'A quantity must not be zero'),
  v.description('By how much a stock level is adjusted, up or down.'),
);

export const ProductName = v.pipe(
  text('A product name', 200),
  v.description('The name of a product as customers read it.'),
);

export const Timestamp = v.pipe(
  v.string('A timestamp must be a string'),
  v.regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/,
    'Not a timestamp such as 2026-01-31T12:00:00.000Z',
  ),
  v.description('An instant: RFC 3339 in UTC with milliseconds.'),
);

export const Reason = v.pipe(text('A reason', 500), v.description('Why something was done or refused.'));

export const SkuQuantity = v.pipe(
  v.object({ sku: Sku, quantity: Quantity }),
  v.description('A SKU and how many pieces of it.'),
);
export type SkuQuantity = v.InferOutput<typeof SkuQuantity>;

export const Shortage = v.pipe(
  v.object({ sku: Sku, requested: Quantity, available: StockLevel }),
  v.description('What was wanted of a SKU and what there was.'),
);
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
