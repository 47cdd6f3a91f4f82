import { randomUUID } from 'node:crypto';
import {
  Amount,
  Currency,
  Customer,
  OrderId,
  Price,
  type Shortage,
  Sku,
  type SkuQuantity,
} from '@orderly/contracts';
import * as v from 'valibot';

/** What the tests of several services are made of. */

export const noon = new Date('2026-01-31T12:00:00.000Z');
export const oneOClock = new Date('2026-01-31T13:00:00.000Z');

export const sku = (text: string) => v.parse(Sku, text);
export const newSku = () => sku(`SKU-${randomUUID()}`);
export const orderId = (text: string = randomUUID()) => v.parse(OrderId, text);
export const customer = (id: string = randomUUID(), email = 'ada@example.com') =>
  v.parse(Customer, { id, email });

export const price = (minorUnits: number) => v.parse(Price, minorUnits);
export const amount = (minorUnits: number) => v.parse(Amount, minorUnits);
export const currency = (code: string) => v.parse(Currency, code);

export const line = (text: string, quantity: number): SkuQuantity => ({ sku: sku(text), quantity });

export const short = (text: string, requested: number, available: number): Shortage => ({
  sku: sku(text),
  requested,
  available,
});

/** An order as every order event carries it. */
export const orderData = (id: OrderId, lines: readonly SkuQuantity[]) => ({
  orderId: id,
  customer: customer('ada'),
  currency: currency('GBP'),
  lines: lines.map((each) => ({
    ...each,
    name: 'A thing',
    unitPrice: price(1),
    lineTotal: amount(each.quantity),
  })),
  total: amount(1),
  placedAt: noon.toISOString(),
});
