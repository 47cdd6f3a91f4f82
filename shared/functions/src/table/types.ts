import type { Condition } from './condition.ts';

/** The attribute `pk`, and `sk` where the table has a sort key. A page's key has the attributes of its index, too. */
export type Key = Readonly<Record<string, string>>;

/** A guarded write either happened, or returns the item that is there instead. */
export type PutResult<Item> =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'refused'; readonly current: Item | undefined };

/** A change of an item that exists. */
export interface Update {
  /** By the name of a number, what is added to it. */
  readonly add: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

/** One write of a transaction, made by `putting` and `updating` of a table. */
export type Write =
  | { readonly table: string; readonly item: object; readonly condition: Condition }
  | { readonly table: string; readonly key: Key; readonly update: Update; readonly condition: Condition };

/**
 * Typed access to one table. Only the service that owns it writes to it, so its items are trusted to be what that service
 * wrote, and are not checked. Members that are `undefined` are not stored.
 *
 * All operations throw the database's errors for throttling and faults, after its client's own retries.
 */
export interface Table<Item extends object> {
  /** Reads one item, consistently. */
  get(key: Key): Promise<Item | undefined>;

  /**
   * Reads any number of items. They come in no order, without those that do not exist.
   *
   * @param consistent at twice the price, true by default
   */
  getMany(keys: readonly Key[], consistent?: boolean): Promise<Item[]>;

  /**
   * Writes one item if `condition` holds, or in any case without one. If the answer to a write was lost, a retry finds the
   * item that it has written itself. That counts as written, so each write must differ from all others, as one with an
   * outbox does by its event ids.
   */
  put(item: Item, condition?: Condition): Promise<PutResult<Item>>;

  /** Removes an item; nothing happens where there is none. */
  remove(key: Key): Promise<void>;

  /** A put as a part of a transaction, see `transact`. */
  putting(item: Item, condition: Condition): Write;

  /** An update as a part of a transaction, see `transact`. */
  updating(key: Key, update: Update, condition: Condition): Write;
}

/** A transaction either happened as a whole, or returns the present item of each write whose condition failed. */
export type TransactionResult =
  | { readonly outcome: 'committed' }
  | {
      readonly outcome: 'refused';
      /** By the index of the write; `undefined` where there is no such item. */
      readonly refused: ReadonlyMap<number, Readonly<Record<string, unknown>> | undefined>;
    };

export interface TransactionOptions {
  /** @returns the milliseconds until the invocation ends */
  readonly remainingMs?: () => number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: Key;
}

export interface PageQuery {
  /** The attribute and value of the partition. */
  readonly partition: readonly [name: string, value: string];
  /** Only items whose sort key, of this name, is at most this value. */
  readonly upTo?: readonly [name: string, value: string];
  readonly index?: string;
  /** At most this many items, 1 to 100. */
  readonly limit: number;
  /** Where the previous page ended. */
  readonly after?: Key | undefined;
  readonly descending?: boolean;
}
