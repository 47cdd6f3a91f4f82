import type { Chance } from '../chance.ts';

/** Something that AWS may do at any time and seldom does; off by default. */
export class Fault {
  /** How often it happens, from 0 (never) to 1 (always). */
  probability = 0;
  readonly #chance: Chance;
  #next = 0;
  #count = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Makes it happen at the next `count` occasions. */
  next(count = 1): void {
    this.#next = count;
  }

  /** Whether it happens at this occasion. */
  happens(): boolean {
    const forced = this.#next > 0;
    if (forced) this.#next--;
    const happens = forced || (this.probability > 0 && this.#chance.next() < this.probability);
    if (happens) this.#count++;
    return happens;
  }

  /** How often it has happened. */
  get count(): number {
    return this.#count;
  }

  get possible(): boolean {
    return this.#next > 0 || this.probability > 0;
  }
}

/** A fault by which something is late. */
export class Delay extends Fault {
  /** Milliseconds. */
  ms = 1000;
}

export interface Faults {
  /** A transaction, or a write of one item, meets another transaction on the item. */
  readonly transactionConflicts: Fault;
  /** A write reaches the table's global indexes only `ms` later. */
  readonly indexLag: Delay;
  /** An eventually consistent read of a table sees an item as it was less than `ms` before. */
  readonly staleReads: Delay;
  /** A request is throttled. */
  readonly throttles: Fault;
}

export const createFaults = (chance: Chance): Faults => ({
  transactionConflicts: new Fault(chance),
  indexLag: new Delay(chance),
  staleReads: new Delay(chance),
  throttles: new Fault(chance),
});
