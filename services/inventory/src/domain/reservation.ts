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

/** A DynamoDB transaction holds 100 items: the reservation and one stock item a line. */
export const linesPerTransaction = 99;

/**
 * What an order holds of the stock: every line while it is RESERVED, otherwise none. RESERVED -> RELEASED | SHIPPED;
 * all but RESERVED is final. Orders of more than 99 lines have states in between: see large-reservation.ts.
 */
export interface Reservation {
  readonly orderId: OrderId;
  readonly status: 'RESERVED' | 'REJECTED' | 'RELEASED' | 'SHIPPED';
  /** Counts the changes that subscribers can see. */
  readonly version: number;
  /** Empty for an order that was cancelled before it was placed here. */
  readonly lines: readonly SkuQuantity[];
  readonly shortages?: readonly Shortage[];
  readonly updatedAt: string;
}

/** What an order asks of its reservation. */
export type ReservationRequest = { readonly orderId: OrderId } & (
  | { readonly action: 'reserve'; readonly lines: readonly SkuQuantity[] }
  | {
      readonly action: 'reject';
      readonly lines: readonly SkuQuantity[];
      readonly shortages: readonly Shortage[];
    }
  | { readonly action: 'release' | 'ship' }
);

/** The lines whose stock moves, and how. */
export interface StockChange {
  readonly lines: readonly SkuQuantity[];
  readonly movement: (quantity: number) => Movement;
}

/** The reservation after a change, how the stock moves with it, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly reservation: Reservation;
  readonly stock?: StockChange;
  readonly events: readonly NewEvent[];
}

/** `unchanged` is a repeat or came too late; `refused` is a request out of place. */
export type NoChange = { readonly outcome: 'unchanged' | 'refused' };

/** Decides on a request by the reservation that is stored now. */
export function transition(
  current: Reservation | undefined,
  request: ReservationRequest,
  at: Date,
): Change | NoChange {
  switch (request.action) {
    case 'reserve':
      return current === undefined ? reserve(request.orderId, request.lines, at) : { outcome: 'unchanged' };
    case 'reject':
      return current === undefined
        ? settle({ ...request, version: 0 }, 'REJECTED', at)
        : { outcome: 'unchanged' };
    case 'release':
      return release(current, request.orderId, at);
    case 'ship':
      return ship(current, at);
  }
}

/** Sets every line aside. */
function reserve(orderId: OrderId, lines: readonly SkuQuantity[], at: Date): Change {
  const stock = { lines, movement: reserving };
  return { ...settle({ orderId, version: 0, lines }, 'RESERVED', at), stock };
}

/** Gives every line back. Before the order is placed it leaves a mark, which stops the reservation from coming. */
function release(current: Reservation | undefined, orderId: OrderId, at: Date): Change | NoChange {
  switch (current?.status) {
    case undefined:
      return settle({ orderId, version: 0, lines: [] }, 'RELEASED', at);
    case 'RESERVED':
      return { ...settle(current, 'RELEASED', at), stock: { lines: current.lines, movement: releasing } };
    case 'SHIPPED':
      return { outcome: 'refused' };
    default:
      return { outcome: 'unchanged' };
  }
}

/** Sends every line off. */
function ship(current: Reservation | undefined, at: Date): Change | NoChange {
  switch (current?.status) {
    case 'RESERVED':
      return { ...settle(current, 'SHIPPED', at), stock: { lines: current.lines, movement: shipping } };
    case 'SHIPPED':
      return { outcome: 'unchanged' };
    default:
      return { outcome: 'refused' };
  }
}

/** The reservation in its next status, with its event. */
export function settle(
  from: Pick<Reservation, 'orderId' | 'version' | 'lines' | 'shortages'>,
  status: Reservation['status'],
  at: Date,
): Change {
  const { orderId, version, lines, shortages } = from;
  const updatedAt = at.toISOString();
  const settled = {
    orderId,
    status,
    version: version + 1,
    lines,
    ...(shortages && { shortages }),
    updatedAt,
  };
  return { outcome: 'changed', reservation: settled, events: eventsOf(settled) };
}

function eventsOf({ orderId, status, version, updatedAt, ...rest }: Reservation): readonly NewEvent[] {
  const [lines, shortages] = [[...rest.lines], [...(rest.shortages ?? [])]];
  switch (status) {
    case 'RESERVED':
      return [StockReserved.of({ orderId, lines, reservedAt: updatedAt })];
    case 'REJECTED':
      return [StockRejected.of({ orderId, shortages, rejectedAt: updatedAt })];
    case 'RELEASED':
      // Subscribers know nothing of a reservation that was never RESERVED, nor of its release.
      return version === 1 ? [] : [StockReleased.of({ orderId, lines, releasedAt: updatedAt })];
    case 'SHIPPED':
      return [StockShipped.of({ orderId, lines, shippedAt: updatedAt })];
  }
}
