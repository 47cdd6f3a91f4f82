import {
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { withDeadline } from '../observability/request-context.ts';
import { backOff, TransactionConflictError } from '../retry.ts';
import { fromAttributes } from './attributes.ts';
import { client } from './client.ts';

/** One write of a transaction, made by `putting` and `updating` of a table. */
export type Write = NonNullable<TransactWriteItemsCommandInput['TransactItems']>[number];

/** A transaction either happened as a whole, or returns the present item of each write whose condition failed. */
export type TransactionResult =
  | { readonly outcome: 'committed' }
  | {
      readonly outcome: 'refused';
      /** By the index of the write; `undefined` where there is no such item. */
      readonly refused: ReadonlyMap<number, Readonly<Record<string, unknown>> | undefined>;
    };

/** How often a transaction is tried that conflicts with others: with full jitter, about 2 s in all. */
const maxAttempts = 8;

/** With less time left no attempt is begun, in milliseconds: the caller still has to answer. */
const msPerAttempt = 1_000;

/**
 * Does all writes (1 to 100 items) or none. Conflicts with other transactions are retried with full jitter.
 *
 * @param remainingMs returns the milliseconds until the invocation ends
 * @throws TransactionConflictError when the conflicts do not end, or not in time
 * @throws the SDK's errors otherwise
 */
export async function transact(
  writes: readonly Write[],
  { remainingMs = () => Number.POSITIVE_INFINITY } = {},
): Promise<TransactionResult> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) {
      await backOff(attempt);
      if (remainingMs() < msPerAttempt) {
        throw new TransactionConflictError('Other transactions were in the way until the time was over');
      }
    }
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }), withDeadline());
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
