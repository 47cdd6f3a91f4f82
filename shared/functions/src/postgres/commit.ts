import { setTimeout as delay } from 'node:timers/promises';
import type { QueryResult } from 'pg';
import { type Connection, withConnection } from './client.ts';
import { isLost, UnknownOutcomeError } from './errors.ts';

/**
 * Runs `work` in a transaction. If the answer to its commit was lost, the server is asked whether it was committed.
 *
 * @param signal the deadline, by default that of the request context
 * @throws UnknownOutcomeError when it could not be asked
 * @throws the database's errors; then nothing was written
 */
export async function inTransaction<T>(
  work: (connection: Connection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let commit: { readonly transaction: string; readonly result: T } | undefined;
  try {
    return await withConnection(async (connection) => {
      const transaction = await begin(connection);
      const result = await rollingBack(connection, work);
      commit = { transaction, result };
      const { command } = await connection.query('COMMIT');
      // So the server answers where a statement has failed, and nobody has noticed.
      if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
      return result;
    }, signal);
  } catch (error) {
    if (commit === undefined || !isLost(error)) throw error;
    const status = await statusOf(commit.transaction, signal);
    if (status === 'committed') return commit.result;
    if (status === 'aborted') throw error;
    throw new UnknownOutcomeError('The database did not say whether it has committed', { cause: error });
  }
}

/** @returns the id of the transaction, by which the server knows what became of it */
async function begin(connection: Connection): Promise<string> {
  const answers: unknown = await connection.query('BEGIN; SELECT pg_current_xact_id()::text AS id');
  const [, answer] = answers as readonly QueryResult<{ readonly id: string }>[];
  return answer?.rows[0]?.id ?? '';
}

async function rollingBack<T>(
  connection: Connection,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    return await work(connection);
  } catch (error) {
    // A connection that is lost or cut has rolled back by itself.
    if (!isLost(error)) await connection.query('ROLLBACK');
    throw error;
  }
}

/** For about two seconds: as long as a server takes to start again. */
const maxStatusAttempts = 20;

/** https://www.postgresql.org/docs/17/functions-info.html#FUNCTIONS-INFO-SNAPSHOT */
async function statusOf(transaction: string, signal: AbortSignal | undefined): Promise<unknown> {
  for (let attempt = 1; attempt <= maxStatusAttempts; attempt++) {
    try {
      const { rows } = await withConnection(
        (connection) => connection.query('SELECT pg_xact_status($1::xid8) AS status', [transaction]),
        signal,
      );
      const status: unknown = rows[0]?.status;
      if (status !== 'in progress') return status;
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    await delay(100);
  }
  return undefined;
}
