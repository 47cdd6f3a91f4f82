import {
  CustomerId,
  Metadata,
  OrderId,
  Quantity,
  Reference,
  SkuInput,
  type SkuQuantity,
} from '@orderly/contracts';
import { EmailInput } from '@orderly/functions/http/email-input';
import { pageFields } from '@orderly/functions/http/page';
import { conflict, forbidden, notFound, type Problem, unprocessable } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { Order, OrderStatus, Outcome } from '../domain/order.ts';
import type { Refused } from '../domain/pricing.ts';

/** The path of one order. */
export const OrderPath = v.object({ orderId: OrderId });

/** The order that a request is about, in every log line of it. */
export const logKeys = { order_id: 'orderId' };

/** A customer and their address. */
export const NewCustomer = v.strictObject({ id: CustomerId, email: EmailInput });

/** A SKU and how many pieces of it. */
export const NewLine = v.strictObject({ sku: SkuInput, quantity: Quantity });

/** An order as a customer places it. */
export const NewOrder = v.strictObject({
  customer: NewCustomer,
  lines: v.pipe(
    v.array(NewLine, 'Lines must be a list'),
    v.minLength(1, 'An order has at least one line'),
    // More than an order has SKUs, because lines of the same one are added up.
    v.maxLength(2000, 'An order has at most 2000 lines'),
  ),
  reference: v.exactOptional(Reference),
  metadata: v.exactOptional(Metadata),
});

/** The customer whose orders are listed. */
export const OrdersQuery = v.object({ customerId: CustomerId, ...pageFields });

export function orderNotFound(orderId: OrderId): Problem {
  return notFound('order-not-found', `There is no order ${orderId}`);
}

export function otherCustomer(): Problem {
  return forbidden('other-customer', 'The customer is not the one that the token names');
}

export function otherEmail(): Problem {
  return forbidden('other-email', 'The e-mail address is not the verified one that the token names');
}

export function orderKeyReused(): Problem {
  return unprocessable('idempotency-key-reused', 'This Idempotency-Key was used for another order');
}

/** A 422 that names each of the caller's lines at fault. */
export function orderRefused({ rule, detail, faults }: Refused, lines: readonly SkuQuantity[]): Problem {
  const errors = lines.flatMap(({ sku }, index) => {
    const message = faults.get(sku);
    return message === undefined ? [] : [{ path: `/body/lines/${index}/sku`, message }];
  });
  return unprocessable(rule, detail, errors.length > 0 ? errors : undefined);
}

/** What the routes that change an order do to it. */
export type Move = 'cancelled' | 'shipped';

export function orderNotMoved(status: OrderStatus, move: Move): Problem {
  return conflict(`order-not-${move}`, `An order that is ${status} cannot be ${move}`);
}

/**
 * An order after a request to change it.
 *
 * @throws Problem for an order that does not exist, or whose status does not allow the change
 */
export function showMoved(orderId: OrderId, outcome: Outcome | undefined, move: Move) {
  if (outcome === undefined) throw orderNotFound(orderId);
  if (outcome.outcome === 'refused') throw orderNotMoved(outcome.order.status, move);
  return showOrder(outcome.order);
}

/** The order as callers see it: always the same fields in the same order. */
export function showOrder(order: Order) {
  const { orderId, status, version, customer, currency, lines, total, placedAt } = order;
  const { confirmedAt, rejectedAt, shortages, cancelledAt, shippedAt, reference, metadata } = order;
  return {
    orderId,
    status,
    version,
    customer: { id: customer.id, email: customer.email },
    currency,
    lines: lines.map(({ sku, name, quantity, unitPrice, lineTotal }) => ({
      sku,
      name,
      quantity,
      unitPrice,
      lineTotal,
    })),
    total,
    placedAt,
    confirmedAt,
    rejectedAt,
    shortages: shortages?.map(({ sku, requested, available }) => ({ sku, requested, available })),
    cancelledAt,
    shippedAt,
    reference,
    metadata: metadata && sortedPairs(metadata),
  };
}

/** Pairs in a fixed order: the table keeps none. */
export function sortedPairs(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).sort(([one], [other]) => (one < other ? -1 : 1)));
}
