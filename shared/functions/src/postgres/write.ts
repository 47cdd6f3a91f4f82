import { isDeepStrictEqual } from 'node:util';
import { escapeIdentifier } from 'pg';
import type { Condition } from '../table/condition.ts';
import type { Key, TransactionResult, Update } from '../table/types.ts';
import type { Connection } from './client.ts';
import { holds, type Item } from './condition.ts';
import { InvalidRequestError } from './errors.ts';
import { fromJson, toJson } from './json.ts';
import { compareKeys, keyOf, type StoredKey, storedKey } from './key.ts';
import { insertEvents } from './outbox.ts';

/** A write as `transact` takes it, or one without a condition. */
export type AnyWrite =
  | { readonly table: string; readonly item: object; readonly condition: Condition | undefined }
  | {
      readonly table: string;
      readonly key: Key;
      readonly update: Update;
      readonly condition: Condition | undefined;
    };

/** A write with its place in the order in which all transactions lock: by table and key, so that they do not deadlock. */
interface Planned {
  readonly index: number;
  readonly key: StoredKey;
  readonly condition: AnyWrite['condition'];
  /** @returns the item after the write */
  readonly next: (current: Item | undefined) => Item;
}

/** The writes of each table, in the order of locking. */
export type Plan = ReadonlyMap<string, readonly Planned[]>;

/** @throws InvalidRequestError for two writes of one item */
export function planned(writes: readonly AnyWrite[]): Plan {
  const plan = new Map<string, Planned[]>();
  for (const table of [...new Set(writes.map((write) => write.table))].sort()) plan.set(table, []);
  for (const [index, write] of writes.entries()) plan.get(write.table)?.push(toPlanned(write, index));
  for (const all of plan.values()) {
    all.sort((a, b) => compareKeys(a.key, b.key));
    const twice = all.some(({ key }, place) => place > 0 && isDeepStrictEqual(key, all[place - 1]?.key));
    if (twice) throw new InvalidRequestError('A transaction writes an item once');
  }
  return plan;
}

function toPlanned(write: AnyWrite, index: number): Planned {
  const { condition } = write;
  if ('update' in write) {
    const { key, update } = write;
    return { index, key: storedKey(key), condition, next: (current = {}) => updated(current, update) };
  }
  // As it will be read.
  const item = fromJson<Item>(toJson(write.item));
  return { index, key: storedKey(keyOf(item)), condition, next: () => item };
}

function updated(current: Item, { add, remove = [] }: Update): Item {
  const kept = Object.entries(current).filter(([name]) => !remove.includes(name));
  const sums = Object.entries(add).map(([name, by]) => {
    const number = current[name];
    if (typeof number !== 'number') throw new InvalidRequestError(`${name} is not a number of the item`);
    return [name, number + by];
  });
  return Object.fromEntries([...kept, ...sums]);
}

type Written = TransactionResult & { readonly subjects: readonly string[] };

/** Locks the items, checks all conditions, and writes if they hold. Inserts fail where another one was faster. */
export async function writeAll(connection: Connection, plan: Plan): Promise<Written> {
  const refused = new Map<number, Item | undefined>();
  const present = new Map<Planned, Item>();
  for (const [table, writes] of plan) {
    const items = await lockAll(connection, table, writes);
    for (const write of writes) {
      const current = items.get(write.key.join('\0'));
      if (current !== undefined) present.set(write, current);
      const { condition } = write;
      if (condition !== undefined && !holds(condition, current)) refused.set(write.index, current);
    }
  }
  if (refused.size > 0) return { outcome: 'refused', refused, subjects: [] };
  const written: Item[] = [];
  for (const [table, writes] of plan) {
    written.push(...(await store(connection, table, writes, present)));
  }
  return { outcome: 'committed', subjects: await insertEvents(connection, written) };
}

async function lockAll(connection: Connection, table: string, writes: readonly Planned[]) {
  const { rows } = await connection.query(
    `SELECT pk, sk, item::text FROM ${escapeIdentifier(table)}
     WHERE (pk, sk) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY pk, sk FOR UPDATE`,
    [writes.map(({ key }) => key[0]), writes.map(({ key }) => key[1])],
  );
  return new Map<string, Item>(rows.map(({ pk, sk, item }) => [`${pk}\0${sk}`, fromJson<Item>(item)]));
}

/** @returns the items that are not what they were */
async function store(
  connection: Connection,
  table: string,
  writes: readonly Planned[],
  present: ReadonlyMap<Planned, Item>,
): Promise<readonly Item[]> {
  const changed = writes
    .map((write) => ({ write, current: present.get(write), item: write.next(present.get(write)) }))
    // As with a stream of DynamoDB, what changes nothing publishes nothing.
    .filter(({ current, item }) => !isDeepStrictEqual(current, item));
  const columns = (some: typeof changed) => [
    some.map(({ write }) => write.key[0]),
    some.map(({ write }) => write.key[1]),
    some.map(({ item }) => toJson(item)),
  ];
  const name = escapeIdentifier(table);
  const rows = 'unnest($1::text[], $2::text[], $3::text[]) AS changed (pk, sk, item)';
  const added = changed.filter(({ current }) => current === undefined);
  if (added.length > 0) {
    const sql = `INSERT INTO ${name} (pk, sk, item) SELECT pk, sk, item::jsonb FROM ${rows}`;
    await connection.query(sql, columns(added));
  }
  const replaced = changed.filter(({ current }) => current !== undefined);
  if (replaced.length > 0) {
    const sql = `UPDATE ${name} AS present SET item = changed.item::jsonb FROM ${rows}
      WHERE present.pk = changed.pk AND present.sk = changed.sk`;
    await connection.query(sql, columns(replaced));
  }
  return changed.map(({ item }) => item);
}
