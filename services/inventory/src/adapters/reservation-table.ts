import type { OrderId, Shortage } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { absent, type Condition, unchanged } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import { transact, type Write } from '@orderly/functions/table/transaction';
import { isPartial, type Step, type StoredReservation } from '../domain/large-reservation.ts';
import type { NoChange, Reservation } from '../domain/reservation.ts';
import { availableIn, movingStock } from './product-table.ts';

type ReservationItem = StoredReservation & {
  readonly pk: string;
  /** Absent where the change has no events. */
  readonly outbox?: Outbox;
};

const env = environment({ TABLE_NAME: text });
const table = openTable<ReservationItem>(env.TABLE_NAME);
const key = (orderId: OrderId) => ({ pk: `RESERVATION#${orderId}` });

/** `short`: the stock does not allow it, and nothing has changed. */
export type ReservationResult =
  | { readonly outcome: 'changed'; readonly status: Reservation['status'] }
  | NoChange
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

export type Commit =
  | { readonly outcome: 'committed' }
  /** The reservation was changed meanwhile, to `current`. */
  | { readonly outcome: 'overtaken'; readonly current: StoredReservation | undefined }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

export async function findReservation(orderId: OrderId): Promise<StoredReservation | undefined> {
  const item = await table.get(key(orderId));
  return item && toReservation(item);
}

/**
 * Writes a change of `from` and moves the stock with it, all or nothing.
 *
 * @param from the reservation that the change was decided on
 * @throws TransactionConflictError when others were faster every time
 */
export async function commit(
  change: Step,
  from: StoredReservation | undefined,
  remainingMs: () => number,
): Promise<Commit> {
  const { reservation, stock } = change;
  if (stock === undefined) {
    const put = await table.put(toItem(change), unchangedSince(from));
    if (put.outcome === 'written') return { outcome: 'committed' };
    return { outcome: 'overtaken', current: put.current && toReservation(put.current) };
  }
  const moves = stock.lines.map(({ sku, quantity }) => movingStock(sku, stock.movement(quantity)));
  const result = await transact([putting(change, from), ...moves], { remainingMs });
  if (result.outcome === 'committed') return { outcome: 'committed' };
  if (result.refused.has(0)) {
    return { outcome: 'overtaken', current: await findReservation(reservation.orderId) };
  }
  const shortages = stock.lines.flatMap(({ sku, quantity: requested }, index) => {
    if (!result.refused.has(index + 1)) return [];
    return [{ sku, requested, available: availableIn(result.refused.get(index + 1)) }];
  });
  return { outcome: 'short', shortages };
}

/** The write of a reservation, as part of a transaction. */
export function putting(change: Step, from: StoredReservation | undefined): Write {
  return table.putting(toItem(change), unchangedSince(from));
}

function unchangedSince(from: StoredReservation | undefined): Condition {
  if (from === undefined) return absent;
  const { version, status } = from;
  return unchanged({ version, status, holding: isPartial(from) ? from.holding : undefined });
}

function toItem({ reservation, events }: Step): ReservationItem {
  const { orderId, version } = reservation;
  return {
    ...reservation,
    ...key(orderId),
    ...(events.length > 0 && { outbox: outbox({ subject: orderId, sequence: version }, events) }),
  };
}

/** Without its outbox, or the next step would publish it again. */
function toReservation({ pk, outbox, ...reservation }: ReservationItem): StoredReservation {
  return reservation;
}

/** A write is not begun with less time: it may wait for other transactions, and for a slow answer. */
const msPerWrite = 3_000;

/** @throws OutOfTimeError when another write of the reservation may take longer than the invocation has */
export function requireTime(orderId: OrderId, remainingMs: () => number): void {
  if (remainingMs() < msPerWrite) throw new OutOfTimeError(orderId);
}

/** Thrown when the invocation ends before the reservation is done; the next delivery of the message continues. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';

  constructor(orderId: OrderId) {
    super(`Too little time is left for reservation ${orderId}; the next delivery continues`);
  }
}
