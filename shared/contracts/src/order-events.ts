import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { Amount, Currency } from './money.ts';
import { Customer, OrderId, OrderLine, Shortage, Timestamp } from './values.ts';

/** Every order event carries the whole order, so that a reader needs no copy of it. */
const order = {
  orderId: OrderId,
  customer: Customer,
  currency: Currency,
  lines: v.pipe(v.array(OrderLine), v.minLength(1), v.maxLength(1000)),
  total: Amount,
  placedAt: Timestamp,
};

export const OrderPlaced = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.placed.v1',
  data: v.object(order),
});

export const OrderConfirmed = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.confirmed.v1',
  data: v.object({ ...order, confirmedAt: Timestamp }),
});

/** The stock is short; nothing is reserved. */
export const OrderRejected = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.rejected.v1',
  data: v.object({ ...order, rejectedAt: Timestamp, shortages: v.array(Shortage) }),
});

export const OrderCancelled = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.cancelled.v1',
  data: v.object({ ...order, cancelledAt: Timestamp }),
});

export const OrderShipped = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.shipped.v1',
  data: v.object({ ...order, shippedAt: Timestamp }),
});
