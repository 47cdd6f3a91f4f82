import { randomUUID } from 'node:crypto';
import { Amount, Currency, CustomerId, OrderId, Price, Sku } from '@orderly/contracts';
import * as v from 'valibot';
import type { OrderData } from '../src/domain/message.ts';

export const sku = (text: string) => v.parse(Sku, text);
export const amount = (minorUnits: number) => v.parse(Amount, minorUnits);
export const currency = (code: string) => v.parse(Currency, code);
export const newOrderId = () => v.parse(OrderId, randomUUID());

/** An order of two mugs and one kettle, as every order event carries it. */
export function anOrder(changes: Partial<OrderData> = {}): OrderData {
  return {
    orderId: newOrderId(),
    customer: { id: v.parse(CustomerId, 'c-1'), email: 'ada@example.com' },
    currency: currency('GBP'),
    lines: [
      {
        sku: sku('MUG'),
        name: 'White mug',
        quantity: 2,
        unitPrice: v.parse(Price, 255),
        lineTotal: amount(510),
      },
      {
        sku: sku('KETTLE'),
        name: 'Kettle',
        quantity: 1,
        unitPrice: v.parse(Price, 1020),
        lineTotal: amount(1020),
      },
    ],
    total: amount(1530),
    placedAt: '2026-01-31T12:00:00.000Z',
    ...changes,
  };
}
