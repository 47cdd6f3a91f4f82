import type { OrderId, Shortage, SkuQuantity } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, type Condition, openTable, transact } from '@orderly/functions/table/table';
import {
  type Change,
  isSettled,
  type Outcome,
  type Reservation,
  type Settled,
} from '../domain/reservation.ts';
import { type Reserved, reserveTogether } from './coalesced-reservations.ts';
import { findShortages, movingStock } from './product-table.ts';

type ReservationItem = Reservation & {
  readonly pk: string;
  /** Absent where the change told nothing. */
  readonly outbox?: Outbox;
};

const env = environment({ TABLE_NAME: text });
const table = openTable<ReservationItem>(env.TABLE_NAME);
const key = (orderId: OrderId) => ({ pk: `RESERVATION#${orderId}` });

/** More steps than the longest life of a reservation has, so whoever is overtaken so often meets a fault. */
const maxSteps = 50;

/** A step is not begun with less time: it may wait for other transactions, and for a slow answer. */
const msPerStep = 3_000;

/** What became of a change: done, not needed, out of place, or refused by the stock. */
export type Result =
  | { readonly outcome: 'changed'; readonly status: Settled['status'] }
  | { readonly outcome: 'unchanged' | 'refused' }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

/**
 * Moves a reservation by one verb of the domain, and the stock of its lines with it. Up to 99 lines are one
 * transaction. More are one for each step of the verb; each leaves behind how far it has come, so whoever calls
 * again with the same verb after a crash goes on from there.
 *
 * @param verb decides on the reservation that stands there now
 * @param assumeNew saves the read where there is no reservation as a rule
 * @param remainingMs what is left of the invocation
 * @throws TransactionConflictError when others were faster every time
 * @throws OutOfTimeError between two steps
 */
export async function changeReservation(
  orderId: OrderId,
  verb: (current: Reservation | undefined) => Outcome,
  { assumeNew = false, remainingMs = () => Number.POSITIVE_INFINITY } = {},
): Promise<Result> {
  let current = assumeNew ? undefined : await findReservation(orderId);
  for (let step = 0; step < maxSteps; step++) {
    const outcome = verb(current);
    if (outcome.outcome !== 'changed') return outcome;
    if (step > 0 && remainingMs() < msPerStep) throw new OutOfTimeError(orderId);
    const result = await commit(outcome, current, remainingMs);
    if (result.outcome === 'short') return result;
    if (result.outcome === 'overtaken') {
      current = result.current;
      continue;
    }
    const { reservation } = outcome;
    if (isSettled(reservation)) return { outcome: 'changed', status: reservation.status };
    current = reservation;
  }
  throw new TransactionConflictError(`Reservation ${orderId} kept changing`);
}

/** Thrown when the invocation ends before a large reservation does; its message comes again and goes on. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';

  constructor(orderId: OrderId) {
    super(`The time is too short for the next lines of reservation ${orderId}; the next delivery goes on`);
  }
}

async function findReservation(orderId: OrderId): Promise<Reservation | undefined> {
  const item = await table.get(key(orderId));
  return item && toReservation(item);
}

type Commit =
  | Exclude<Reserved, { readonly outcome: 'overtaken' }>
  | { readonly outcome: 'overtaken'; readonly current: Reservation | undefined };

async function commit(
  { reservation, stock, events }: Change,
  from: Reservation | undefined,
  remainingMs: () => number,
): Promise<Commit> {
  const item = toItem(reservation, events);
  const unchanged = from === undefined ? absent : still(from);
  if (stock === undefined) {
    const put = await table.put(item, unchanged);
    if (put.written) return { outcome: 'committed' };
    return { outcome: 'overtaken', current: put.current && toReservation(put.current) };
  }

  if (from === undefined && isSettled(reservation)) return commitNew(reservation, item, remainingMs);
  const foreseen = from === undefined ? await findShortages(notTried(reservation)) : [];
  if (foreseen.length > 0) return refuseEarly(reservation);

  const moves = stock.lines.map(({ sku, quantity }) => movingStock(sku, stock.movement(quantity)));
  const result = await transact([table.putting(item, unchanged), ...moves], { remainingMs });
  if (result.committed) return { outcome: 'committed' };
  if (result.refused.has(0)) {
    return { outcome: 'overtaken', current: await findReservation(reservation.orderId) };
  }
  const short = stock.lines.flatMap(({ sku, quantity }, index) => {
    if (!result.refused.has(index + 1)) return [];
    const available = result.refused.get(index + 1)?.available;
    return [{ sku, requested: quantity, available: typeof available === 'number' ? available : 0 }];
  });
  return { outcome: 'short', shortages: [...short, ...(await findShortages(notTried(reservation)))] };
}

/** A reservation of one step, which may share its transaction with others. */
async function commitNew(
  { orderId, lines }: Settled,
  item: ReservationItem,
  remainingMs: () => number,
): Promise<Commit> {
  const result = await reserveTogether({ orderId, lines, put: table.putting(item, absent), remainingMs });
  if (result.outcome !== 'overtaken') return result;
  return { outcome: 'overtaken', current: await findReservation(orderId) };
}

/**
 * A large order that is short from the start is refused before it holds anything, which others may want meanwhile.
 * What another delivery of the same order holds is no shortage, so that is looked for after the stock.
 */
async function refuseEarly({ orderId, lines }: Reservation): Promise<Commit> {
  const shortages = await findShortages(lines);
  const current = await findReservation(orderId);
  if (current !== undefined || shortages.length === 0) return { outcome: 'overtaken', current };
  return { outcome: 'short', shortages };
}

/** The lines that later steps would set aside. */
function notTried(reservation: Reservation): readonly SkuQuantity[] {
  return reservation.status === 'RESERVING' ? reservation.lines.slice(reservation.holding) : [];
}

/** The reservation is still where it was when it was read. */
function still(from: Reservation): Condition {
  const holding = isSettled(from) ? undefined : from.holding;
  return {
    expression: `#version = :version AND #status = :status AND ${
      holding === undefined ? 'attribute_not_exists(#holding)' : '#holding = :holding'
    }`,
    names: { '#version': 'version', '#status': 'status', '#holding': 'holding' },
    values: {
      ':version': from.version,
      ':status': from.status,
      ...(holding !== undefined && { ':holding': holding }),
    },
  };
}

function toItem(reservation: Reservation, events: Change['events']): ReservationItem {
  const { orderId, version } = reservation;
  return {
    ...reservation,
    ...key(orderId),
    ...(events.length > 0 && { outbox: outbox({ subject: orderId, sequence: version }, events) }),
  };
}

/** Without its outbox, or the next step would publish it again. */
function toReservation({ pk, outbox, ...reservation }: ReservationItem): Reservation {
  return reservation;
}
