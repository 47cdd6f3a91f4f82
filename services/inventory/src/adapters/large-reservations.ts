import type { SkuQuantity } from '@orderly/contracts';
import { TransactionConflictError } from '@orderly/functions/retry';
import { isPartial, nextStep, type Step, type StoredReservation } from '../domain/large-reservation.ts';
import type { ReservationRequest } from '../domain/reservation.ts';
import { findShortages } from './product-table.ts';
import {
  type Commit,
  commit,
  findReservation,
  type ReservationResult,
  requireTime,
} from './reservation-table.ts';

/** A reservation has fewer steps in its life, so being overtaken more often is a fault. */
const maxSteps = 50;

/**
 * Changes the reservation of an order of more than 99 lines, one transaction a step. Each step stores how far it has
 * come, so the same request continues from there after a crash.
 *
 * @throws TransactionConflictError when others were faster every time
 * @throws OutOfTimeError between two steps
 */
export async function changeInSteps(
  request: ReservationRequest,
  from: StoredReservation | undefined,
  remainingMs: () => number,
): Promise<ReservationResult> {
  let current = from;
  for (let step = 0; step < maxSteps; step++) {
    if (step > 0) requireTime(request.orderId, remainingMs);
    const next = nextStep(current, request, new Date());
    if (next.outcome !== 'changed') return next;
    const { reservation } = next;
    const written = await commitStep(next, current, remainingMs);
    if (written.outcome === 'short') return written;
    if (written.outcome === 'committed' && !isPartial(reservation)) {
      return { outcome: 'changed', status: reservation.status };
    }
    current = written.outcome === 'committed' ? reservation : written.current;
  }
  throw new TransactionConflictError(`Reservation ${request.orderId} kept changing`);
}

async function commitStep(
  step: Step,
  from: StoredReservation | undefined,
  remainingMs: () => number,
): Promise<Commit> {
  const { reservation, stock } = step;
  const later = linesAfter(reservation);
  if (from === undefined && stock !== undefined && (await findShortages(later)).length > 0) {
    return refuseEarly(reservation);
  }
  const written = await commit(step, from, remainingMs);
  if (written.outcome !== 'short') return written;
  return { ...written, shortages: [...written.shortages, ...(await findShortages(later))] };
}

/**
 * An order that is short from the start is refused before it holds anything that others may need meanwhile. What
 * another delivery of the same order holds is no shortage, so the reservation is read after the stock.
 */
async function refuseEarly({ orderId, lines }: StoredReservation): Promise<Commit> {
  const shortages = await findShortages(lines);
  const current = await findReservation(orderId);
  if (current !== undefined || shortages.length === 0) return { outcome: 'overtaken', current };
  return { outcome: 'short', shortages };
}

/** The lines that later steps would set aside. */
function linesAfter(reservation: StoredReservation): readonly SkuQuantity[] {
  const reserving = isPartial(reservation) && reservation.status === 'RESERVING';
  return reserving ? reservation.lines.slice(reservation.holding) : [];
}
