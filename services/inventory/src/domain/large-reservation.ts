import {
  type Change,
  linesPerTransaction,
  type NoChange,
  type Reservation,
  type ReservationRequest,
  settle,
  transition,
} from './reservation.ts';
import { releasing, reserving, shipping } from './stock.ts';

/**
 * A reservation between two steps, because it has more lines than move at once; nothing is published of it.
 * RESERVING -> RESERVED | REJECTING | RELEASING, REJECTING -> REJECTED | RELEASING, RELEASING -> RELEASED,
 * SHIPPING -> SHIPPED. While RESERVING `holding` only grows, otherwise it only shrinks: with the status it
 * names one moment in the life of a reservation.
 */
export interface PartialReservation extends Omit<Reservation, 'status'> {
  readonly status: 'RESERVING' | 'REJECTING' | 'RELEASING' | 'SHIPPING';
  /** How many of the lines, from the first, are set aside; at least one. */
  readonly holding: number;
}

export type StoredReservation = Reservation | PartialReservation;

/** One step of a change; the last one ends in a `Reservation` and has the change's event. */
export interface Step extends Omit<Change, 'reservation'> {
  readonly reservation: StoredReservation;
}

export function isPartial(reservation: StoredReservation): reservation is PartialReservation {
  return 'holding' in reservation;
}

/** Whether a change moves more lines than one transaction takes. */
export function needsSteps({ stock }: Change): boolean {
  return stock !== undefined && stock.lines.length > linesPerTransaction;
}

/**
 * The next step of a request, for orders of any size. The same request continues from the reservation that a step
 * left behind, also in another delivery of its message.
 */
export function nextStep(
  current: StoredReservation | undefined,
  request: ReservationRequest,
  at: Date,
): Step | NoChange {
  if (current === undefined || !isPartial(current)) {
    const change = transition(current, request, at);
    return change.outcome === 'changed' && needsSteps(change) ? firstStep(change, at) : change;
  }
  const { status } = current;
  switch (request.action) {
    case 'reserve':
      if (status === 'RESERVING') return setAside(current, at);
      return status === 'REJECTING' ? letGo(current, status, at) : { outcome: 'unchanged' };
    case 'reject': {
      const { shortages } = request;
      if (status === 'RESERVING') return letGo({ ...current, shortages }, 'REJECTING', at);
      return status === 'REJECTING' ? letGo(current, status, at) : { outcome: 'unchanged' };
    }
    case 'release': {
      if (status === 'SHIPPING') return { outcome: 'refused' };
      const { shortages, ...rest } = current;
      return letGo(rest, 'RELEASING', at);
    }
    case 'ship':
      return status === 'SHIPPING' ? letGo(current, status, at) : { outcome: 'refused' };
  }
}

function firstStep({ reservation }: Change, at: Date): Step {
  const { status, lines, version } = reservation;
  const begun = { ...reservation, version: version - 1 };
  if (status === 'RESERVED') return setAside({ ...begun, status: 'RESERVING', holding: 0 }, at);
  return letGo({ ...begun, holding: lines.length }, status === 'SHIPPED' ? 'SHIPPING' : 'RELEASING', at);
}

/** Sets the next lines aside; with the last of them the order is RESERVED. */
function setAside(current: PartialReservation, at: Date): Step {
  const { lines } = current;
  const holding = Math.min(current.holding + linesPerTransaction, lines.length);
  const stock = { lines: lines.slice(current.holding, holding), movement: reserving };
  if (holding === lines.length) return { ...settle(current, 'RESERVED', at), stock };
  return { ...partial({ ...current, holding }, at), stock };
}

const finalStatus = { REJECTING: 'REJECTED', RELEASING: 'RELEASED', SHIPPING: 'SHIPPED' } as const;

/** Gives back, or sends off, the last lines that are held; with the first of them the reservation is final. */
function letGo(
  current: Omit<PartialReservation, 'status'>,
  status: keyof typeof finalStatus,
  at: Date,
): Step {
  const holding = Math.max(current.holding - linesPerTransaction, 0);
  const movement = status === 'SHIPPING' ? shipping : releasing;
  const stock = { lines: current.lines.slice(holding, current.holding), movement };
  if (holding === 0) return { ...settle(current, finalStatus[status], at), stock };
  return { ...partial({ ...current, status, holding }, at), stock };
}

function partial(reservation: PartialReservation, at: Date): Step {
  return { outcome: 'changed', reservation: { ...reservation, updatedAt: at.toISOString() }, events: [] };
}
