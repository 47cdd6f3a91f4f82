import { amount, currency, customer, noon, orderId, price, sku } from '@orderly/support/builders';
import { type Change, type Order, place } from '../src/domain/order.ts';
import type { Product } from '../src/domain/pricing.ts';

export * from '@orderly/support/builders';

export const product = (
  text: string,
  minorUnits: number,
  code = 'GBP',
  name = `The ${text}`,
): Required<Product> => ({
  ...{ sku: sku(text), name, price: price(minorUnits), currency: currency(code) },
  onSale: true,
});

/** An order of three mugs, just placed. */
export function placing(changes: Partial<Order> = {}, at = noon): Change {
  const mugs = { sku: sku('MUG'), name: 'The MUG', quantity: 3 };
  return place(
    {
      orderId: orderId(),
      customer: customer('c-1'),
      currency: currency('GBP'),
      lines: [{ ...mugs, unitPrice: price(255), lineTotal: amount(765) }],
      total: amount(765),
      ...changes,
    },
    at,
  );
}

export const placed = (): Order => placing().order;
