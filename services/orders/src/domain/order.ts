import {
  type Currency,
  type Customer,
  type Metadata,
  type MinorUnits,
  type NewEvent,
  OrderCancelled,
  OrderConfirmed,
  type OrderId,
  type OrderLine,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  type Shortage,
} from '@orderly/contracts';

/** PLACED -> CONFIRMED | REJECTED | CANCELLED, CONFIRMED -> SHIPPED | CANCELLED. Only the transitions below change it. */
export type OrderStatus = 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';

/** Callers' own notes on an order. */
export interface OrderNotes {
  readonly reference?: string;
  readonly metadata?: Metadata;
}

export interface Order extends OrderNotes {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  /** Counts the changes; 1 when placed. */
  readonly version: number;
  readonly customer: Customer;
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  readonly total: MinorUnits;
  readonly placedAt: string;
  readonly confirmedAt?: string;
  readonly rejectedAt?: string;
  readonly shortages?: readonly Shortage[];
  readonly cancelledAt?: string;
  readonly shippedAt?: string;
}

/** An order in a list; an index holds no more. */
export type OrderSummary = Pick<Order, 'orderId' | 'status' | 'currency' | 'total' | 'placedAt'>;

/** The order after a change, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly order: Order;
  readonly events: readonly NewEvent[];
}

/** `unchanged` is a repeat or came too late; `refused` is what the state machine does not allow. */
export type Outcome =
  | Change
  | { readonly outcome: 'unchanged'; readonly order: Order }
  | { readonly outcome: 'refused'; readonly order: Order };

/** Whether no further change can follow. */
export function isFinal({ status }: Order): boolean {
  return status !== 'PLACED' && status !== 'CONFIRMED';
}

/** Begins an order: priced lines, one currency. */
export function place(
  order: Pick<Order, 'orderId' | 'customer' | 'currency' | 'lines' | 'total' | keyof OrderNotes>,
  at: Date,
): Change {
  const placed: Order = { ...order, status: 'PLACED', version: 1, placedAt: at.toISOString() };
  return { outcome: 'changed', order: placed, events: [OrderPlaced.of(snapshot(placed))] };
}

/** Its stock is reserved. */
export function confirm(order: Order, at: Date): Outcome {
  if (order.status !== 'PLACED') return { outcome: 'unchanged', order };
  const confirmedAt = at.toISOString();
  return changed(
    order,
    { status: 'CONFIRMED', confirmedAt },
    OrderConfirmed.of({ ...snapshot(order), confirmedAt }),
  );
}

/** Its stock is short. */
export function reject(order: Order, shortages: readonly Shortage[], at: Date): Outcome {
  if (order.status !== 'PLACED') return { outcome: 'unchanged', order };
  const rejectedAt = at.toISOString();
  const data = { ...snapshot(order), rejectedAt, shortages: [...shortages] };
  return changed(order, { status: 'REJECTED', rejectedAt, shortages }, OrderRejected.of(data));
}

/** Possible until it is rejected or shipped. */
export function cancel(order: Order, at: Date): Outcome {
  if (order.status === 'CANCELLED') return { outcome: 'unchanged', order };
  if (order.status !== 'PLACED' && order.status !== 'CONFIRMED') return { outcome: 'refused', order };
  const cancelledAt = at.toISOString();
  return changed(
    order,
    { status: 'CANCELLED', cancelledAt },
    OrderCancelled.of({ ...snapshot(order), cancelledAt }),
  );
}

/** Possible once it is confirmed. */
export function ship(order: Order, at: Date): Outcome {
  if (order.status === 'SHIPPED') return { outcome: 'unchanged', order };
  if (order.status !== 'CONFIRMED') return { outcome: 'refused', order };
  const shippedAt = at.toISOString();
  return changed(order, { status: 'SHIPPED', shippedAt }, OrderShipped.of({ ...snapshot(order), shippedAt }));
}

/** The order as it was when it was placed: the answer to a repeated request. */
export function asPlaced(order: Order): Order {
  return { ...snapshot(order), status: 'PLACED', version: 1 };
}

function changed(order: Order, change: Partial<Order>, event: NewEvent): Change {
  return { outcome: 'changed', order: { ...order, ...change, version: order.version + 1 }, events: [event] };
}

/** The part that every order event carries. */
function snapshot(order: Order) {
  const { orderId, customer, currency, lines, total, placedAt, reference, metadata } = order;
  return {
    ...{ orderId, customer, currency, lines: [...lines], total, placedAt },
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
  };
}
