import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { batchError } from './errors.ts';
import { BATCH_ENTRIES } from './limits.ts';
import { objects, refuseUnknown, requiredString } from './validation.ts';

const ID = /^[A-Za-z0-9_-]{1,80}$/;

export interface BatchEntry {
  readonly id: string;
  readonly input: JsonObject;
}

const checkIds = (ids: readonly string[]): void => {
  const invalid = ids.find((id) => !ID.test(id));
  if (invalid !== undefined)
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
};

/**
 * The entries of a batch.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
export const readBatch = (
  input: JsonObject,
  operation: string,
  known: readonly string[],
): readonly BatchEntry[] => {
  const entries = objects(input, 'Entries');
  if (entries.length === 0)
    throw new AwsError(
      'EmptyBatchRequest',
      `There should be at least one ${operation}RequestEntry in the request.`,
    );
  if (entries.length > BATCH_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_ENTRIES}. You have sent ${entries.length}.`,
    );
  for (const entry of entries) refuseUnknown(`an entry of ${operation}`, entry, ['Id', ...known]);
  const read = entries.map((entry) => ({ id: requiredString(entry, 'Id'), input: entry }));
  checkIds(read.map(({ id }) => id));
  return read;
};

/** Does every entry on its own: one that fails fails alone. */
export const runBatch = (
  entries: readonly BatchEntry[],
  run: (entry: BatchEntry) => JsonObject,
): JsonObject => {
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push(batchError(entry.id, error));
    }
  }
  return { ...(Successful.length > 0 ? { Successful } : {}), ...(Failed.length > 0 ? { Failed } : {}) };
};
