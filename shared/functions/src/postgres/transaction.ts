import { backOff, TransactionConflictError } from '../retry.ts';
import type { TransactionOptions, TransactionResult, Write } from '../table/types.ts';
import { inDatabaseSpan, maxConnectionAttempts } from './client.ts';
import { inTransaction } from './commit.ts';
import { InvalidRequestError, isConflict, isLost } from './errors.ts';
import { touch } from './outbox.ts';
import { type AnyWrite, planned, writeAll } from './write.ts';

/** How often a transaction is tried that conflicts with others: with full jitter, about 2 s in all. */
const maxAttempts = 8;

/** With less time left no attempt is begun, in milliseconds: the caller still has to answer. */
const msPerAttempt = 1_000;

/** As of DynamoDB, so that a service that fits into it here does so there. */
const maxWrites = 100;

/**
 * Does all writes (1 to 100 items) or none. Conflicts with other transactions are retried with full jitter.
 *
 * @throws TransactionConflictError when the conflicts do not end, or not in time
 * @throws InvalidRequestError for none, too many, or two writes of one item
 * @throws the database's errors otherwise
 */
export function transact(
  writes: readonly Write[],
  options: TransactionOptions = {},
): Promise<TransactionResult> {
  return run(writes, options);
}

/** As `transact`, also without conditions. */
export async function run(
  writes: readonly AnyWrite[],
  { remainingMs = () => Number.POSITIVE_INFINITY }: TransactionOptions = {},
): Promise<TransactionResult> {
  if (writes.length < 1 || writes.length > maxWrites) {
    throw new InvalidRequestError(`A transaction has 1 to ${maxWrites} writes, not ${writes.length}`);
  }
  const plan = planned(writes);
  const tables = writes.map(({ table }) => table);
  let losses = 0;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) {
      await backOff(attempt);
      if (remainingMs() < msPerAttempt) {
        throw new TransactionConflictError('Other transactions were in the way until the time was over');
      }
    }
    try {
      const call = () => inTransaction((connection) => writeAll(connection, plan));
      const { subjects, ...result } = await inDatabaseSpan('transact', tables, call);
      touch(subjects);
      return result;
    } catch (error) {
      const isRetried = isConflict(error) || (isLost(error) && ++losses < maxConnectionAttempts);
      if (!isRetried) throw error;
    }
  }
  throw new TransactionConflictError(`Other transactions were in the way ${maxAttempts} times`);
}
