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
import type { Product } from '../src/domain/basket.ts';
import { type Change, type Order, place } from '../src/domain/order.ts';

export const sku = (text: string) => v.parse(Sku, text);
export const newSku = () => sku(`SKU-${randomUUID()}`);
export const amount = (minorUnits: number) => v.parse(Amount, minorUnits);
export const orderId = (text: string = randomUUID()) => v.parse(OrderId, text);
export const customer = (id: string = randomUUID(), email = 'ada@example.com') =>
  v.parse(Customer, { id, email });

export const line = (text: string, quantity: number): SkuQuantity => ({ sku: sku(text), quantity });

export const product = (
  text: string,
  price: number,
  currency = 'GBP',
  name = `The ${text}`,
): Required<Product> => ({
  sku: sku(text),
  name,
  price: v.parse(Price, price),
  currency: v.parse(Currency, currency),
  onSale: true,
});

export const short = (text: string, requested: number, available: number): Shortage => ({
  sku: sku(text),
  requested,
  available,
});

export const noon = new Date('2026-01-31T12:00:00.000Z');
export const oneOClock = new Date('2026-01-31T13:00:00.000Z');

/** An order of three mugs, just placed. */
export function placing(changes: Partial<Order> = {}, at = noon): Change {
  return place(
    {
      orderId: orderId(),
      customer: customer('c-1'),
      currency: product('MUG', 255).currency,
      lines: [
        {
          sku: sku('MUG'),
          name: 'The MUG',
          quantity: 3,
          unitPrice: v.parse(Price, 255),
          lineTotal: amount(765),
        },
      ],
      total: amount(765),
      ...changes,
    },
    at,
  );
}

export const placed = (): Order => placing().order;
