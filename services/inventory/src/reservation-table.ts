import type { OrderId, Shortage } from '@orderly/contracts';
import { environment, text } from '@orderly/lambda/env';
import { type Outbox, outbox } from '@orderly/lambda/outbox';
import { TransactionConflictError } from '@orderly/lambda/retry';
import { absent, atVersion, openTable, transact } from '@orderly/lambda/table';
import { movingStock } from './product-table.ts';
import type { Change, Outcome, Reservation } from './reservation.ts';

interface ReservationItem extends Reservation {
  readonly pk: string;
  /** Absent where the change told nothing. */
  readonly outbox?: Outbox;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<ReservationItem>(env.TABLE_NAME);
const key = (orderId: OrderId) => ({ pk: `RESERVATION#${orderId}` });

/** How often a change is decided anew because somebody else was faster. */
const attempts = 5;

/** What became of a change: done, not needed, out of place, or refused by the stock. */
export type Settled =
  | { readonly outcome: 'changed' | 'unchanged' | 'refused' }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

/**
 * Moves a reservation by one verb of the domain, and the stock of all its lines with it: all or nothing.
 *
 * @param verb decides on the reservation that stands there now
 * @param assumeNew saves the read where there is no reservation as a rule
 * @throws TransactionConflictError when others were faster every time
 */
export async function changeReservation(
  orderId: OrderId,
  verb: (current: Reservation | undefined) => Outcome,
  { assumeNew = false } = {},
): Promise<Settled> {
  let current = assumeNew ? undefined : await table.get(key(orderId));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = verb(current);
    if (outcome.outcome !== 'changed') return outcome;
    const result = await commit(outcome, current);
    if (result.outcome !== 'overtaken') return result;
    current = result.current;
  }
  throw new TransactionConflictError(`Reservation ${orderId} kept changing`);
}

type Commit = Settled | { readonly outcome: 'overtaken'; readonly current: ReservationItem | undefined };

async function commit(change: Change, from: Reservation | undefined): Promise<Commit> {
  const { reservation, movement } = change;
  const { lines } = reservation;
  const item = toItem(change);
  const unchanged = from === undefined ? absent : atVersion(from.version);
  if (movement === undefined) {
    const written = await table.put(item, unchanged);
    return written.written ? { outcome: 'changed' } : { outcome: 'overtaken', current: written.current };
  }

  const moves = lines.map(({ sku, quantity }) => movingStock(sku, movement(quantity)));
  const result = await transact([table.putting(item, unchanged), ...moves]);
  if (result.committed) return { outcome: 'changed' };
  if (result.refused.has(0))
    return { outcome: 'overtaken', current: await table.get(key(reservation.orderId)) };
  return {
    outcome: 'short',
    shortages: lines.flatMap(({ sku, quantity }, index) => {
      if (!result.refused.has(index + 1)) return [];
      const available = result.refused.get(index + 1)?.available;
      return [{ sku, requested: quantity, available: typeof available === 'number' ? available : 0 }];
    }),
  };
}

function toItem({ reservation, events }: Change): ReservationItem {
  const { orderId, version } = reservation;
  return {
    ...reservation,
    ...key(orderId),
    ...(events.length > 0 && { outbox: outbox({ subject: orderId, sequence: version }, events) }),
  };
}
