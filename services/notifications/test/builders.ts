import {
  type CloudEvent,
  type NotificationKind,
  OrderCancelled,
  OrderConfirmed,
  OrderRejected,
  OrderShipped,
} from '@orderly/contracts';
import { amount, currency, customer, noon, orderId, price, sku } from '@orderly/support/builders';
import { seal } from '../../../tests/platform/invoke.ts';
import type { OrderData } from '../src/domain/message.ts';

export * from '@orderly/support/builders';

/** An order of two mugs and one kettle, as every order event carries it. */
export function anOrder(changes: Partial<OrderData> = {}): OrderData {
  const mugs = { sku: sku('MUG'), name: 'White mug', quantity: 2, unitPrice: price(255) };
  const kettle = { sku: sku('KETTLE'), name: 'Kettle', quantity: 1, unitPrice: price(1020) };
  return {
    orderId: orderId(),
    customer: customer('c-1'),
    currency: currency('GBP'),
    lines: [
      { ...mugs, lineTotal: amount(510) },
      { ...kettle, lineTotal: amount(1020) },
    ],
    total: amount(1530),
    placedAt: noon.toISOString(),
    ...changes,
  };
}

/** The event that leads to a notification of this kind. */
export function eventOf(kind: NotificationKind, { shortages = [], ...data }: OrderData): CloudEvent {
  const order = { ...data, lines: [...data.lines] };
  const at = '2026-01-31T13:00:00.000Z';
  const events = {
    'order-confirmed': OrderConfirmed.of({ ...order, confirmedAt: at }),
    'order-rejected': OrderRejected.of({ ...order, rejectedAt: at, shortages: [...shortages] }),
    'order-cancelled': OrderCancelled.of({ ...order, cancelledAt: at }),
    'order-shipped': OrderShipped.of({ ...order, shippedAt: at }),
  };
  return seal(events[kind], { subject: order.orderId, sequence: 2 });
}
