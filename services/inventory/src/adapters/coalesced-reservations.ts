import type { Shortage, Sku } from '@orderly/contracts';
import { isTransient } from '@orderly/functions/retry';
import { type Committed, transact, type Write } from '@orderly/functions/table/table';
import { decide, gather, type Refused, sumOf, type Wish } from '../domain/coalesce.ts';
import { reserving } from '../domain/stock.ts';
import { movingStock } from './product-table.ts';

/** A reservation that is to be written with its stock. */
export interface NewReservation extends Wish {
  /** Puts its item if there is none. */
  readonly put: Write;
  readonly remainingMs: () => number;
}

export type Reserved =
  | { readonly outcome: 'committed' }
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

interface Waiting extends NewReservation {
  readonly settle: (result: Reserved) => void;
  readonly fail: (error: unknown) => void;
}

/** Of this container. What another one is at work on shows as a transaction conflict. */
const waiting = new Set<Waiting>();
const busy = new Set<Sku>();

/**
 * Makes a reservation in one transaction with its stock. Those of one container that want the same SKU share a
 * transaction instead of being in one another's way: the SKU falls once, by the sum. Orders that share no SKU do not
 * wait for each other.
 *
 * @throws TransactionConflictError when other containers were faster every time
 */
export function reserveTogether(reservation: NewReservation): Promise<Reserved> {
  return new Promise((settle, fail) => {
    waiting.add({ ...reservation, settle, fail });
    // The other messages of the batch come in the same turn.
    setImmediate(beginAll);
  });
}

function beginAll(): void {
  for (const group of gather([...waiting], busy)) {
    const skus = [...sumOf(group).keys()];
    for (const each of group) waiting.delete(each);
    for (const sku of skus) busy.add(sku);
    void reserveAll(group).finally(() => {
      for (const sku of skus) busy.delete(sku);
      beginAll();
    });
  }
}

/** Settles each of the group; never throws. */
async function reserveAll(group: readonly Waiting[]): Promise<void> {
  const pieces = [...sumOf(group)];
  const puts = group.map(({ put }) => put);
  const moves = pieces.map(([sku, quantity]) => movingStock(sku, reserving(quantity)));
  const remainingMs = () => Math.min(...group.map((each) => each.remainingMs()));
  try {
    const result = await transact([...puts, ...moves], { remainingMs });
    if (result.committed) {
      for (const { settle } of group) settle({ outcome: 'committed' });
      return;
    }
    const { verdicts, again } = decide(group, refusedBy(result, group, pieces));
    for (const { wish, ...verdict } of verdicts) wish.settle(verdict);
    for (const part of again) await reserveAll(part);
  } catch (error) {
    // What is wrong with one of them must not stop the others.
    if (group.length > 1 && !isTransient(error)) for (const each of group) await reserveAll([each]);
    else for (const { fail } of group) fail(error);
  }
}

function refusedBy(
  { refused }: Extract<Committed, { committed: false }>,
  group: readonly Wish[],
  pieces: readonly (readonly [Sku, number])[],
): Refused {
  const short = pieces.flatMap(([sku], index) => {
    if (!refused.has(group.length + index)) return [];
    const available = refused.get(group.length + index)?.available;
    return [[sku, typeof available === 'number' ? available : 0] as const];
  });
  return {
    orders: new Set(group.filter((_, index) => refused.has(index)).map(({ orderId }) => orderId)),
    available: new Map(short),
  };
}
