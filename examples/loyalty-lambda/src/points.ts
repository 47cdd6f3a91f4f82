import {
  type Currency,
  type CustomerId,
  type EventOf,
  type MinorUnits,
  minorDigits,
  type OrderCancelled,
  type OrderConfirmed,
  type OrderId,
} from '@orderly/contracts';

/** The points that an order has earned so far. */
export interface Entry {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** The `sequence` of the event that the points result from. Events that are not newer were already handled. */
  readonly sequence: number;
  readonly points: number;
}

/** An order's new entry, and its change to the customer's balance. */
export interface Posting {
  readonly entry: Entry;
  readonly change: number;
}

/** One point for each whole unit of the order's currency, whichever it is: 12 points for EUR 12.99. */
export function pointsFor(total: MinorUnits, currency: Currency): number {
  return Math.floor(total / 10 ** minorDigits(currency));
}

/** A confirmed order earns points. @returns undefined when the event was already handled */
export function award(
  current: Entry | undefined,
  event: EventOf<typeof OrderConfirmed>,
): Posting | undefined {
  return post(current, event, pointsFor(event.data.total, event.data.currency));
}

/** A cancelled order loses its points. @returns undefined when the event was already handled */
export function takeBack(
  current: Entry | undefined,
  event: EventOf<typeof OrderCancelled>,
): Posting | undefined {
  return post(current, event, 0);
}

function post(
  current: Entry | undefined,
  { sequence, data }: EventOf<typeof OrderConfirmed | typeof OrderCancelled>,
  points: number,
): Posting | undefined {
  if (current !== undefined && current.sequence >= sequence) return undefined;
  return {
    entry: { orderId: data.orderId, customerId: data.customer.id, sequence, points },
    change: points - (current?.points ?? 0),
  };
}
