import { Amount, Currency, Customer, type OrderId, Price, type SkuQuantity } from '@orderly/contracts';
import * as v from 'valibot';
import { noon } from './builders.ts';

/** An order as every order event carries it. */
export const orderData = (id: OrderId, lines: readonly SkuQuantity[]) => ({
  orderId: id,
  customer: v.parse(Customer, { id: 'ada', email: 'ada@example.com' }),
  currency: v.parse(Currency, 'GBP'),
  lines: lines.map((line) => ({
    ...line,
    name: 'A thing',
    unitPrice: v.parse(Price, 1),
    lineTotal: v.parse(Amount, line.quantity),
  })),
  total: v.parse(Amount, 1),
  placedAt: noon.toISOString(),
});
