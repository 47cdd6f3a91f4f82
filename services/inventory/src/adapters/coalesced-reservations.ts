import type { Shortage, Sku } from '@orderly/contracts';
import { isTransient } from '@orderly/functions/retry';
import { type TransactionResult, transact, type Write } from '@orderly/functions/table/transaction';
import { coalesce, type NewReservation, piecesOf, type Refusal, splitRefused } from '../domain/coalesce.ts';
import { reserving } from '../domain/stock.ts';
import { availableIn, movingStock } from './product-table.ts';

/** A reservation to be written together with its stock. */
export interface ReservationWrite extends NewReservation {
  /** Puts its item if there is none. */
  readonly put: Write;
  readonly remainingMs: () => number;
}

export type ReserveResult =
  | { readonly outcome: 'committed' }
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

interface Waiting extends ReservationWrite {
  readonly resolve: (result: ReserveResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Of this container. The transactions of other containers show as conflicts. */
const waiting = new Set<Waiting>();
const busy = new Set<Sku>();

/**
 * Makes a reservation in one transaction with its stock. Reservations of one container that need the same SKU share a
 * transaction instead of conflicting: the SKU falls once, by the sum. Orders that share no SKU do not wait for each other.
 *
 * @throws TransactionConflictError when other containers were faster every time
 */
export function reserveCoalesced(reservation: ReservationWrite): Promise<ReserveResult> {
  return new Promise((resolve, reject) => {
    waiting.add({ ...reservation, resolve, reject });
    // The other messages of the batch come in the same turn.
    setImmediate(beginAll);
  });
}

function beginAll(): void {
  for (const group of coalesce([...waiting], busy)) {
    const skus = [...piecesOf(group).keys()];
    for (const each of group) waiting.delete(each);
    for (const sku of skus) busy.add(sku);
    void reserveAll(group).finally(() => {
      for (const sku of skus) busy.delete(sku);
      beginAll();
    });
  }
}

/** Ends the promise of each of the group; never throws. */
async function reserveAll(group: readonly Waiting[]): Promise<void> {
  const pieces = [...piecesOf(group)];
  const puts = group.map(({ put }) => put);
  const moves = pieces.map(([sku, quantity]) => movingStock(sku, reserving(quantity)));
  const remainingMs = () => Math.min(...group.map((each) => each.remainingMs()));
  try {
    const result = await transact([...puts, ...moves], { remainingMs });
    if (result.outcome === 'committed') {
      for (const { resolve } of group) resolve({ outcome: 'committed' });
      return;
    }
    const { refused, again } = splitRefused(group, refusalOf(result, group, pieces));
    for (const { reservation, ...refusal } of refused) reservation.resolve(refusal);
    for (const part of again) await reserveAll(part);
  } catch (error) {
    // What is wrong with one of them must not stop the others.
    if (group.length > 1 && !isTransient(error)) for (const each of group) await reserveAll([each]);
    else for (const { reject } of group) reject(error);
  }
}

function refusalOf(
  { refused }: Extract<TransactionResult, { outcome: 'refused' }>,
  group: readonly NewReservation[],
  pieces: readonly (readonly [Sku, number])[],
): Refusal {
  const existing = group.filter((_, index) => refused.has(index)).map(({ orderId }) => orderId);
  const available = pieces.flatMap(([sku], index) => {
    const position = group.length + index;
    return refused.has(position) ? [[sku, availableIn(refused.get(position))] as const] : [];
  });
  return { existing: new Set(existing), available: new Map(available) };
}
