import { isDeepStrictEqual } from 'node:util';
import { escapeIdentifier } from 'pg';
import type { Table } from '../table/types.ts';
import { query } from './client.ts';
import { fromJson, toJson } from './json.ts';
import { storedKey } from './key.ts';
import { run, transact } from './transaction.ts';

export { queryPage } from './page.ts';
export { transact };

interface Row {
  readonly item: string;
}

/**
 * A table of items of PostgreSQL, made by `create_item_table` of the migrations. All reads are consistent.
 *
 * A key is at most 2,600 bytes long, `pk` and `sk` together: https://www.postgresql.org/docs/17/btree.html
 */
export function openTable<Item extends object>(tableName: string): Table<Item> {
  const table = escapeIdentifier(tableName);
  return {
    async get(key) {
      const sql = `SELECT item::text FROM ${table} WHERE pk = $1 AND sk = $2`;
      const [row] = await query<Row>('SELECT', tableName, sql, storedKey(key));
      return row && fromJson<Item>(row.item);
    },

    async getMany(keys) {
      if (keys.length === 0) return [];
      const sql = `SELECT item::text FROM ${table} WHERE (pk, sk) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
      const stored = keys.map(storedKey);
      const values = [stored.map(([pk]) => pk), stored.map(([, sk]) => sk)];
      const rows = await query<Row>('SELECT', tableName, sql, values);
      return rows.map((row) => fromJson<Item>(row.item));
    },

    async put(item, condition) {
      const result = await run([{ table: tableName, item, condition }]);
      if (result.outcome === 'committed') return { outcome: 'written' };
      const current = result.refused.get(0) as Item | undefined;
      if (isDeepStrictEqual(current, fromJson(toJson(item)))) return { outcome: 'written' };
      return { outcome: 'refused', current };
    },

    async remove(key) {
      await query('DELETE', tableName, `DELETE FROM ${table} WHERE pk = $1 AND sk = $2`, storedKey(key));
    },

    putting: (item, condition) => ({ table: tableName, item, condition }),
    updating: (key, update, condition) => ({ table: tableName, key, update, condition }),
  };
}
