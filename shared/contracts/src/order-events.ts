import * as v from 'valibot';
import { defineEvent } from './event.ts';
import {
  isOrderCancelledV1,
  isOrderConfirmedV1,
  isOrderPlacedV1,
  isOrderRejectedV1,
  isOrderShippedV1,
} from './exact-checks.ts';
import { Amount, Currency } from './money.ts';
import { Customer, Metadata, OrderId, OrderLine, Reference, Shortage, Timestamp } from './values.ts';

const lines = v.pipe(
  v.array(OrderLine),
  v.minLength(1),
  v.maxLength(1000),
  v.description('The lines of the order, one for each SKU.'),
);
const shortages = v.pipe(v.array(Shortage), v.description('The SKUs that the stock does not cover.'));

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/** Every order event carries the whole order, so that a reader needs no copy of its own. */
/* @__NO_SIDE_EFFECTS__ */
const orderEvent = <const Type extends string, const More extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly isExact: (event: unknown) => boolean;
  readonly description: string;
  /** Fields beside the order itself. */
  readonly more: More;
}) =>
  defineEvent({
    topic: 'order-events',
    type: event.type,
    isExact: event.isExact,
    description: event.description,
    data: v.object({
      orderId: OrderId,
      customer: Customer,
      currency: Currency,
      lines,
      total: Amount,
      placedAt: Timestamp,
      reference: v.exactOptional(Reference),
      metadata: v.exactOptional(Metadata),
      ...event.more,
    }),
  });

export const OrderPlaced = orderEvent({
  type: 'orderly.order.placed.v1',
  isExact: isOrderPlacedV1,
  description: 'An order was accepted. Its stock is not reserved yet.',
  more: {},
});

export const OrderConfirmed = orderEvent({
  type: 'orderly.order.confirmed.v1',
  isExact: isOrderConfirmedV1,
  description: 'The stock of an order was reserved.',
  more: { confirmedAt: Timestamp },
});

export const OrderRejected = orderEvent({
  type: 'orderly.order.rejected.v1',
  isExact: isOrderRejectedV1,
  description: 'The available stock does not cover an order. Nothing is reserved.',
  more: { rejectedAt: Timestamp, shortages },
});

export const OrderCancelled = orderEvent({
  type: 'orderly.order.cancelled.v1',
  isExact: isOrderCancelledV1,
  description: 'An order was cancelled, before or after its stock was reserved.',
  more: { cancelledAt: Timestamp },
});

export const OrderShipped = orderEvent({
  type: 'orderly.order.shipped.v1',
  isExact: isOrderShippedV1,
  description: 'A confirmed order was shipped.',
  more: { shippedAt: Timestamp },
});
