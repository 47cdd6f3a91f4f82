import { TransactionConflictError } from '@orderly/functions/retry';
import { isPartial, needsSteps, type StoredReservation } from '../domain/large-reservation.ts';
import { type Change, type ReservationRequest, transition } from '../domain/reservation.ts';
import { reserveCoalesced } from './coalesced-reservations.ts';
import { changeInSteps } from './large-reservations.ts';
import {
  type Commit,
  commit,
  findReservation,
  putting,
  type ReservationResult,
  requireTime,
} from './reservation-table.ts';

/** A reservation has fewer changes in its life, so being overtaken more often is a fault. */
const attempts = 50;

/**
 * Changes an order's reservation, and the stock of its lines with it: reads it, decides, and writes both in one
 * transaction. Orders of more than 99 lines take one transaction a step; the same request continues them after a crash.
 *
 * @param remainingMs what is left of the invocation
 * @throws TransactionConflictError when others were faster every time
 * @throws OutOfTimeError before a repeated attempt, or between two steps
 */
export async function changeReservation(
  request: ReservationRequest,
  { remainingMs = () => Number.POSITIVE_INFINITY } = {},
): Promise<ReservationResult> {
  const { orderId } = request;
  // An order that was just placed has no reservation as a rule. That saves a read: the write finds one.
  let current = 'lines' in request ? undefined : await findReservation(orderId);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) requireTime(orderId, remainingMs);
    if (current !== undefined && isPartial(current)) return changeInSteps(request, current, remainingMs);
    const change = transition(current, request, new Date());
    if (change.outcome !== 'changed') return change;
    if (needsSteps(change)) return changeInSteps(request, current, remainingMs);
    const written = await write(change, current, remainingMs);
    if (written.outcome === 'committed') return { outcome: 'changed', status: change.reservation.status };
    if (written.outcome === 'short') return written;
    current = written.current;
  }
  throw new TransactionConflictError(`Reservation ${orderId} kept changing`);
}

/** New reservations share transactions where they need the same SKU. */
async function write(
  change: Change,
  from: StoredReservation | undefined,
  remainingMs: () => number,
): Promise<Commit> {
  if (from !== undefined || change.stock === undefined) return commit(change, from, remainingMs);
  const { orderId, lines } = change.reservation;
  const result = await reserveCoalesced({ orderId, lines, put: putting(change, from), remainingMs });
  if (result.outcome !== 'overtaken') return result;
  return { outcome: 'overtaken', current: await findReservation(orderId) };
}
