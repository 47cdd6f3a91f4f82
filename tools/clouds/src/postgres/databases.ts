import { Client, escapeIdentifier } from 'pg';

/** Runs statements in a database. @param url as `postgres://user:password@host:port/database` */
export async function inDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  // Without a listener, a lost connection would end the process. The statement that runs fails.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Creates a database unless it is there. @param server the URL of any database of the server @returns its URL */
export async function createDatabase(server: string, name: string): Promise<string> {
  await inDatabase(server, async (client) => {
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rows.length === 0)
      await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  const url = new URL(server);
  url.pathname = encodeURIComponent(name);
  return url.href;
}

/** Removes a database, with the connections to it. @param server the URL of another database of the server */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await inDatabase(server, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  );
}
