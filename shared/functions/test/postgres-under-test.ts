import { randomUUID } from 'node:crypto';
import { migrate } from '@orderly/clouds/migrate';
import { inDatabase, type PostgresServer, startPostgres } from '@orderly/clouds/postgres';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';
import type { TableAdapter, TableDefinition } from './table-contract.ts';

/** The adapter for PostgreSQL with a database of its own. */
export interface PostgresUnderTest {
  readonly server: PostgresServer;
  readonly proxy: PostgresProxy;
  readonly adapter: TableAdapter;
  readonly publisher: typeof import('../src/postgres/publish.ts');
  /** Runs a statement beside the adapter. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

/** Starts a server, and loads the adapter, which reads its environment once. */
export async function startPostgresUnderTest(): Promise<PostgresUnderTest> {
  const server = await startPostgres();
  const name = `test-${randomUUID()}`;
  const database = await server.createDatabase(name);
  await migrate(database, []);
  const proxy = await startPostgresProxy(database);
  process.env.DATABASE_URL = proxy.url;
  // The machine may be busy.
  process.env.DATABASE_TIMEOUT_MS = '60000';
  const table = await import('../src/postgres/table.ts');
  const publisher = await import('../src/postgres/publish.ts');
  const client = await import('../src/postgres/client.ts');
  const createTable = async ({ indexes }: TableDefinition) => {
    const table = `test-table-${randomUUID()}`;
    await migrate(database, [{ name: table, indexes }]);
    return table;
  };
  return {
    server,
    proxy,
    adapter: { ...table, createTable },
    publisher,
    sql: (text, values = []) =>
      inDatabase(database, async (client) => (await client.query(text, [...values])).rows),
    stop: async () => {
      await client.disconnect();
      await proxy.stop();
      await server.dropDatabase(name).catch(() => undefined);
      await server.stop();
    },
  };
}
