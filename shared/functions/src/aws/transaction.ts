import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { withDeadline } from '../observability/request-context.ts';
import { backOff, TransactionConflictError } from '../retry.ts';
import type { TransactionOptions, TransactionResult, Write } from '../table/types.ts';
import { fromAttributes, toAttributes } from './attributes.ts';
import { client } from './client.ts';
import { expressions } from './expression.ts';

/** How often a transaction is tried that conflicts with others: with full jitter, about 2 s in all. */
const maxAttempts = 8;

/** With less time left no attempt is begun, in milliseconds: the caller still has to answer. */
const msPerAttempt = 1_000;

/**
 * Does all writes (1 to 100 items) or none. Conflicts with other transactions are retried with full jitter.
 *
 * @throws TransactionConflictError when the conflicts do not end, or not in time
 * @throws the SDK's errors otherwise
 */
export async function transact(
  writes: readonly Write[],
  { remainingMs = () => Number.POSITIVE_INFINITY }: TransactionOptions = {},
): Promise<TransactionResult> {
  const TransactItems = writes.map(toTransactItem);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) {
      await backOff(attempt);
      if (remainingMs() < msPerAttempt) {
        throw new TransactionConflictError('Other transactions were in the way until the time was over');
      }
    }
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems }), withDeadline());
      return { outcome: 'committed' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      // A conflict hides whether that item's condition would have held, so only an answer without one counts.
      if (reasons.every(({ Code }) => Code === 'None' || Code === 'ConditionalCheckFailed')) {
        return { outcome: 'refused', refused: refusals(reasons) };
      }
      const fatal = reasons.find(({ Code = 'None' }) => !retryable.has(Code));
      if (fatal !== undefined) throw error;
    }
  }
  throw new TransactionConflictError(`Other transactions were in the way ${maxAttempts} times`);
}

function toTransactItem(write: Write): TransactWriteItem {
  const { table: TableName, condition } = write;
  if ('item' in write)
    return { Put: { TableName, Item: toAttributes(write.item), ...expressions(condition) } };
  const { key, update } = write;
  return { Update: { TableName, Key: toAttributes(key), ...expressions(condition, update) } };
}

const retryable = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function refusals(reasons: NonNullable<TransactionCanceledException['CancellationReasons']>) {
  const refused = new Map<number, Record<string, unknown> | undefined>();
  reasons.forEach(({ Code, Item }, index) => {
    if (Code === 'ConditionalCheckFailed') refused.set(index, Item && fromAttributes(Item));
  });
  return refused;
}
