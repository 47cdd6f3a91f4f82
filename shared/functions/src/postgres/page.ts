import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Key, Page, PageQuery } from '../table/types.ts';
import { query } from './client.ts';
import { InvalidRequestError } from './errors.ts';
import { fromJson, toStored } from './json.ts';

/**
 * Reads one page of a partition, consistently. A page of an index has whole items.
 *
 * @throws InvalidRequestError for an unknown index, and for a position that is none of this partition
 * @throws the database's errors
 */
export async function queryPage<Item extends object>(
  tableName: string,
  { partition, upTo, index, limit, after, descending = false }: PageQuery,
): Promise<Page<Item>> {
  const order = await orderOf(tableName, index, partition[0]);
  const sort = order[0];
  if (upTo !== undefined && upTo[0] !== sort) {
    throw new InvalidRequestError(`The sort key is ${sort}, not ${upTo[0]}`);
  }
  const values: unknown[] = [toStored(partition[1])];
  const bind = (value: string) => `$${values.push(toStored(value))}`;
  const column = index === undefined ? String : attribute;
  const columns = order.map((name, place) => (place === 0 ? column(name) : name));
  const conditions = [`${column(partition[0])} = $1`];
  if (index !== undefined) conditions.push(...[partition[0], sort].map(isText));
  if (upTo !== undefined) conditions.push(`${column(sort)} <= ${bind(upTo[1])}`);
  if (after !== undefined) {
    const position = positionOf(after, partition, order);
    conditions.push(`(${columns}) ${descending ? '<' : '>'} (${position.map(bind)})`);
  }
  const direction = descending ? 'DESC' : 'ASC';
  const rows = await query<{ readonly item: string }>(
    'SELECT',
    tableName,
    `SELECT item::text FROM ${escapeIdentifier(tableName)} WHERE ${conditions.join(' AND ')}
     ORDER BY ${columns.map((each) => `${each} ${direction}`)} LIMIT ${limit + 1}`,
    values,
  );
  const items = rows.slice(0, limit).map(({ item }) => fromJson<Item>(item));
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items };
  const names = new Set([partition[0], ...order, 'pk']);
  const next = [...names]
    .map((name) => [name, Reflect.get(last, name)])
    .filter(([, value]) => value !== undefined);
  return { items, next: Object.fromEntries(next) };
}

/** An attribute as the migrations index it. */
const attribute = (name: string): string => `(item ->> ${escapeLiteral(name)}) COLLATE "C"`;

/** As the migrations limit an index to the items that have its attributes. */
const isText = (name: string): string => `jsonb_typeof(item -> ${escapeLiteral(name)}) = 'string'`;

/** What pages are sorted by, the sort key first. */
type Order = readonly [sort: string, ...more: string[]];

const known = new Map<string, Order>();

async function orderOf(table: string, index: string | undefined, partition: string): Promise<Order> {
  if (index === undefined) {
    if (partition !== 'pk') throw new InvalidRequestError(`The partition key is pk, not ${partition}`);
    return ['sk'];
  }
  const cached = known.get(JSON.stringify([table, index, partition]));
  if (cached !== undefined) return cached;
  const [row] = await query<{ readonly sort: string }>(
    'SELECT',
    'item_indexes',
    `SELECT sort_attribute AS sort FROM item_indexes
     WHERE table_name = $1 AND index_name = $2 AND partition_attribute = $3`,
    [table, index, partition],
  );
  if (row === undefined) throw new InvalidRequestError(`${table} has no index ${index} over ${partition}`);
  const order: Order = [row.sort, 'pk', 'sk'];
  known.set(JSON.stringify([table, index, partition]), order);
  return order;
}

/** @returns the values of the position in the order's columns */
function positionOf(after: Key, [name, value]: PageQuery['partition'], order: Order): readonly string[] {
  // A table without a sort key has none in its keys, either.
  const { sk = '' } = after;
  const position: Record<string, unknown> = { ...after, sk };
  const expected = new Set([name, ...order, 'pk', 'sk']);
  const fits = Object.keys(position).every((each) => expected.has(each));
  const values = order.map((each) => position[each]).filter((each) => typeof each === 'string');
  if (!fits || values.length < order.length || after.pk === undefined || after[name] !== value) {
    throw new InvalidRequestError('Not a position in this partition');
  }
  return values;
}
