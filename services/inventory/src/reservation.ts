import {
  type NewEvent,
  type OrderId,
  type Shortage,
  type SkuQuantity,
  StockRejected,
  StockReleased,
  StockReserved,
  StockShipped,
} from '@orderly/contracts';
import { type Movement, releasing, reserving, shipping } from './stock.ts';

/** RESERVED -> RELEASED | SHIPPED; REJECTED, RELEASED and SHIPPED are final. Only the verbs below move it. */
export type ReservationStatus = 'RESERVED' | 'REJECTED' | 'RELEASED' | 'SHIPPED';

/** What an order holds of the stock; there is one for each order that was heard of. */
export interface Reservation {
  readonly orderId: OrderId;
  readonly status: ReservationStatus;
  readonly version: number;
  /** Empty for an order that was cancelled before it was placed here. */
  readonly lines: readonly SkuQuantity[];
  readonly shortages?: readonly Shortage[];
  readonly updatedAt: string;
}

/** The reservation after a change, how the stock of each line moves with it, and what to tell the world. */
export interface Change {
  readonly outcome: 'changed';
  readonly reservation: Reservation;
  readonly movement?: (quantity: number) => Movement;
  readonly events: readonly NewEvent[];
}

/** What a verb comes to. `unchanged` is a repeat or came too late; `refused` is a message out of place. */
export type Outcome = Change | { readonly outcome: 'unchanged' | 'refused' };

type Current = Reservation | undefined;

/** Sets every line aside. Any reservation that exists already, even a released one, makes this a repeat. */
export function reserve(
  current: Current,
  orderId: OrderId,
  lines: readonly SkuQuantity[],
  at: Date,
): Outcome {
  if (current !== undefined) return { outcome: 'unchanged' };
  const reservedAt = at.toISOString();
  return {
    outcome: 'changed',
    reservation: { orderId, status: 'RESERVED', version: 1, lines, updatedAt: reservedAt },
    movement: reserving,
    events: [StockReserved.of({ orderId, lines: [...lines], reservedAt })],
  };
}

/** Says that the stock is short, and of what. */
export function reject(
  current: Current,
  orderId: OrderId,
  lines: readonly SkuQuantity[],
  shortages: readonly Shortage[],
  at: Date,
): Outcome {
  if (current !== undefined) return { outcome: 'unchanged' };
  const rejectedAt = at.toISOString();
  return {
    outcome: 'changed',
    reservation: { orderId, status: 'REJECTED', version: 1, lines, shortages, updatedAt: rejectedAt },
    events: [StockRejected.of({ orderId, shortages: [...shortages], rejectedAt })],
  };
}

/** Gives back what is set aside. Before anything is, it leaves a mark that stops the reservation from coming. */
export function release(current: Current, orderId: OrderId, at: Date): Outcome {
  const releasedAt = at.toISOString();
  if (current === undefined) {
    const mark = { orderId, status: 'RELEASED', version: 1, lines: [], updatedAt: releasedAt } as const;
    return { outcome: 'changed', reservation: mark, events: [] };
  }
  if (current.status === 'SHIPPED') return { outcome: 'refused' };
  if (current.status !== 'RESERVED') return { outcome: 'unchanged' };
  const event = StockReleased.of({ orderId, lines: [...current.lines], releasedAt });
  return { ...moved(current, 'RELEASED', releasedAt), movement: releasing, events: [event] };
}

/** Sends off what is set aside. */
export function ship(current: Current, orderId: OrderId, at: Date): Outcome {
  if (current?.status === 'SHIPPED') return { outcome: 'unchanged' };
  if (current?.status !== 'RESERVED') return { outcome: 'refused' };
  const shippedAt = at.toISOString();
  const event = StockShipped.of({ orderId, lines: [...current.lines], shippedAt });
  return { ...moved(current, 'SHIPPED', shippedAt), movement: shipping, events: [event] };
}

function moved(current: Reservation, status: ReservationStatus, updatedAt: string) {
  const reservation = { ...current, status, updatedAt, version: current.version + 1 };
  return { outcome: 'changed' as const, reservation };
}
