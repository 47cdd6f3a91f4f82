import { escapeIdentifier } from 'pg';
import { query } from './client.ts';

/**
 * Removes items whose attribute `expiresAt` (in seconds since 1970) is past: up to 1,000 a call. A timer calls it.
 *
 * @returns how many
 */
export async function removeExpired(tableName: string): Promise<number> {
  const table = escapeIdentifier(tableName);
  const removed = await query(
    'DELETE',
    tableName,
    `DELETE FROM ${table} WHERE (pk, sk) IN (
       SELECT pk, sk FROM ${table} WHERE expires_at < extract(epoch FROM now()) ORDER BY expires_at LIMIT 1000
       FOR UPDATE SKIP LOCKED
     ) RETURNING 1`,
    [],
  );
  return removed.length;
}
