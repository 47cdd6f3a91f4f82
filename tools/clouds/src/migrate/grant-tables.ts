import { escapeIdentifier } from 'pg';
import { inDatabase } from '../postgres/databases.ts';

/**
 * Lets a user read and write what is in a service's database, and create nothing. Repeating it changes nothing.
 *
 * @param url of the database, as the owner of its tables
 * @throws Error where there is no such user
 */
export async function grantTables(url: string, user: string): Promise<void> {
  const role = escapeIdentifier(user);
  await inDatabase(url, async (client) => {
    await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
    await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    // Which migrations were applied is nothing that functions change.
    await client.query(`REVOKE INSERT, UPDATE, DELETE ON migrations, item_indexes FROM ${role}`);
  });
}
