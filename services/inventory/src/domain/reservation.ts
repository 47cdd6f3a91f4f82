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

/** Lines that move at once: a DynamoDB transaction holds 100 items, the reservation and one stock item a line. */
export const linesPerStep = 99;

interface Held {
  readonly orderId: OrderId;
  /** Counts the changes that the world can see; 0 before the first. */
  readonly version: number;
  /** Empty for an order that was cancelled before it was placed here. */
  readonly lines: readonly SkuQuantity[];
  readonly shortages?: readonly Shortage[];
  readonly updatedAt: string;
}

/** At rest: RESERVED holds every line, the others none. RESERVED -> RELEASED | SHIPPED; the rest is final. */
export interface Settled extends Held {
  readonly status: 'RESERVED' | 'REJECTED' | 'RELEASED' | 'SHIPPED';
}

/**
 * On its way between two steps, because it has more lines than move at once; nobody is told of that.
 * RESERVING -> RESERVED | REJECTING | RELEASING, REJECTING -> REJECTED | RELEASING, RELEASING -> RELEASED,
 * SHIPPING -> SHIPPED. While RESERVING `holding` only grows, in the others it only shrinks: with the status it
 * names one moment in the life of a reservation.
 */
export interface Underway extends Held {
  readonly status: 'RESERVING' | 'REJECTING' | 'RELEASING' | 'SHIPPING';
  /** How many of the lines, from the first, are set aside; at least one. */
  readonly holding: number;
}

/** What an order holds of the stock; there is one for each order that was heard of. Only the verbs below move it. */
export type Reservation = Settled | Underway;

/** The lines whose stock moves, and how. */
export interface StockChange {
  readonly lines: readonly SkuQuantity[];
  readonly movement: (quantity: number) => Movement;
}

/** The reservation after a step, how the stock moves with it, and what to tell the world. */
export interface Change {
  readonly outcome: 'changed';
  /** The same verb takes the next step of what is under way. */
  readonly reservation: Reservation;
  readonly stock?: StockChange;
  readonly events: readonly NewEvent[];
}

/** What a verb comes to. `unchanged` is a repeat or came too late; `refused` is a message out of place. */
export type Outcome = Change | { readonly outcome: 'unchanged' | 'refused' };

type Current = Reservation | undefined;

/**
 * Sets every line aside, or goes on with what an earlier delivery has begun. Any other reservation that exists
 * already, even a released one, makes this a repeat.
 */
export function reserve(
  current: Current,
  orderId: OrderId,
  lines: readonly SkuQuantity[],
  at: Date,
): Outcome {
  if (current === undefined) {
    const updatedAt = at.toISOString();
    return setAside({ orderId, status: 'RESERVING', version: 0, lines, holding: 0, updatedAt }, at);
  }
  if (current.status === 'RESERVING') return setAside(current, at);
  if (current.status === 'REJECTING') return letGo(current, at);
  return { outcome: 'unchanged' };
}

/** Says that the stock is short, and of what, once all that was set aside before that came out is given back. */
export function reject(
  current: Current,
  orderId: OrderId,
  lines: readonly SkuQuantity[],
  shortages: readonly Shortage[],
  at: Date,
): Outcome {
  if (current === undefined) {
    const updatedAt = at.toISOString();
    return rejected({ orderId, version: 0, lines, shortages, updatedAt }, at);
  }
  if (current.status === 'RESERVING') return letGo({ ...current, status: 'REJECTING', shortages }, at);
  if (current.status === 'REJECTING') return letGo(current, at);
  return { outcome: 'unchanged' };
}

/** Gives back what is set aside. Before anything is, it leaves a mark that stops the reservation from coming. */
export function release(current: Current, orderId: OrderId, at: Date): Outcome {
  if (current === undefined) {
    return released({ orderId, version: 0, lines: [], updatedAt: at.toISOString() }, at);
  }
  switch (current.status) {
    case 'RESERVED':
      return letGo({ ...current, status: 'RELEASING', holding: current.lines.length }, at);
    case 'RESERVING':
    case 'REJECTING': {
      const { shortages, ...rest } = current;
      return letGo({ ...rest, status: 'RELEASING' }, at);
    }
    case 'RELEASING':
      return letGo(current, at);
    case 'SHIPPING':
    case 'SHIPPED':
      return { outcome: 'refused' };
    default:
      return { outcome: 'unchanged' };
  }
}

/** Sends off what is set aside. */
export function ship(current: Current, _orderId: OrderId, at: Date): Outcome {
  switch (current?.status) {
    case 'RESERVED':
      return letGo({ ...current, status: 'SHIPPING', holding: current.lines.length }, at);
    case 'SHIPPING':
      return letGo(current, at);
    case 'SHIPPED':
      return { outcome: 'unchanged' };
    default:
      return { outcome: 'refused' };
  }
}

/** Whether nothing is left to do. */
export function isSettled(reservation: Reservation): reservation is Settled {
  return !('holding' in reservation);
}

/** The next lines are set aside; with the last of them the reservation stands. */
function setAside(current: Underway, at: Date): Change {
  const { lines } = current;
  const holding = Math.min(current.holding + linesPerStep, lines.length);
  const stock = { lines: lines.slice(current.holding, holding), movement: reserving };
  if (holding < lines.length) return { ...stepped(current, holding, at), stock };
  return { ...reserved(current, at), stock };
}

/** The last lines that are held are given back, or sent off; with the first of them it is over. */
function letGo(current: Underway, at: Date): Change {
  const holding = Math.max(current.holding - linesPerStep, 0);
  const stock = {
    lines: current.lines.slice(holding, current.holding),
    movement: current.status === 'SHIPPING' ? shipping : releasing,
  };
  if (holding > 0) return { ...stepped(current, holding, at), stock };
  if (current.status === 'REJECTING') return { ...rejected(current, at), stock };
  if (current.status === 'SHIPPING') return { ...shipped(current, at), stock };
  return { ...released(current, at), stock };
}

function stepped(current: Underway, holding: number, at: Date): Change {
  return {
    outcome: 'changed',
    reservation: { ...current, holding, updatedAt: at.toISOString() },
    events: [],
  };
}

function reserved(from: Held, at: Date): Change {
  const { orderId, lines } = from;
  const event = StockReserved.of({ orderId, lines: [...lines], reservedAt: at.toISOString() });
  return settled(from, 'RESERVED', at, [event]);
}

function rejected(from: Held, at: Date): Change {
  const { orderId, shortages = [] } = from;
  const event = StockRejected.of({ orderId, shortages: [...shortages], rejectedAt: at.toISOString() });
  return settled(from, 'REJECTED', at, [event]);
}

function released(from: Held, at: Date): Change {
  const { orderId, lines, version } = from;
  // Nobody has heard of a reservation that never stood, so nobody is told that it is gone.
  if (version === 0) return settled(from, 'RELEASED', at, []);
  const event = StockReleased.of({ orderId, lines: [...lines], releasedAt: at.toISOString() });
  return settled(from, 'RELEASED', at, [event]);
}

function shipped(from: Held, at: Date): Change {
  const { orderId, lines } = from;
  const event = StockShipped.of({ orderId, lines: [...lines], shippedAt: at.toISOString() });
  return settled(from, 'SHIPPED', at, [event]);
}

function settled(from: Held, status: Settled['status'], at: Date, events: readonly NewEvent[]): Change {
  const { orderId, lines, shortages } = from;
  const reservation: Settled = {
    orderId,
    status,
    version: from.version + 1,
    lines,
    ...(shortages && { shortages }),
    updatedAt: at.toISOString(),
  };
  return { outcome: 'changed', reservation, events };
}
