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

/** What an order has brought its customer so far. */
export interface Entry {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  /** The order's version that the points follow from; events that are not newer were heard already. */
  readonly sequence: number;
  readonly points: number;
}

/** An order's new entry, and by how much it changes the customer's balance. */
export interface Posting {
  readonly entry: Entry;
  readonly change: number;
}

/** One point for each whole unit of the order's currency, whichever it is: EUR 12.99 are 12 points. */
export function pointsFor(total: MinorUnits, currency: Currency): number {
  return Math.floor(total / 10 ** minorDigits(currency));
}

/** A confirmed order brings points. @returns undefined when the event was heard already */
export function award(
  standing: Entry | undefined,
  event: EventOf<typeof OrderConfirmed>,
): Posting | undefined {
  return post(standing, event, pointsFor(event.data.total, event.data.currency));
}

/** A cancelled order brings none: what it brought goes back. @returns undefined when the event was heard already */
export function takeBack(
  standing: Entry | undefined,
  event: EventOf<typeof OrderCancelled>,
): Posting | undefined {
  return post(standing, event, 0);
}

function post(
  standing: Entry | undefined,
  { sequence, data }: EventOf<typeof OrderConfirmed | typeof OrderCancelled>,
  points: number,
): Posting | undefined {
  if (standing !== undefined && standing.sequence >= sequence) return undefined;
  return {
    entry: { orderId: data.orderId, customerId: data.customer.id, sequence, points },
    change: points - (standing?.points ?? 0),
  };
}
