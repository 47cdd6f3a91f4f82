import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { inDatabase } from './databases.ts';

const migrations = join(repositoryRoot, 'shared/functions/src/postgres/migrations');

/** A table of items, as the service's serverless.yml has it. */
export interface ItemTable {
  readonly name: string;
  readonly indexes: readonly ItemIndex[];
}

/** An index over two texts of the items. */
export interface ItemIndex {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
}

/**
 * Brings a service's database up to date: applies the migrations that it does not have yet, in the order of their names,
 * each once, and creates tables and indexes. Repeating it changes nothing, and several at once take turns.
 *
 * @param url of the database
 */
export async function migrate(url: string, tables: readonly ItemTable[]): Promise<void> {
  await inDatabase(url, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('migrations'))`);
    await client.query(`CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query('SELECT name FROM migrations');
    const applied = new Set(rows.map(({ name }) => name));
    for (const name of (await readdir(migrations)).filter((file) => !applied.has(file)).sort()) {
      await client.query(await readFile(join(migrations, name), 'utf8'));
      await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
    }
    for (const { name, indexes } of tables) {
      await client.query('SELECT create_item_table($1)', [name]);
      for (const { name: index, partition, sort } of indexes) {
        await client.query('SELECT create_item_index($1, $2, $3, $4)', [name, index, partition, sort]);
      }
    }
    await client.query('COMMIT');
  });
}
