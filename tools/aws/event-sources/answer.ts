/** Which items of a batch the function says it could not process. */
export type Failures = 'all' | ReadonlySet<string>;

const NONE: ReadonlySet<string> = new Set();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const identifiers = (answer: unknown): readonly unknown[] | undefined => {
  if (!isObject(answer)) return [];
  const { batchItemFailures } = answer;
  if (batchItemFailures === undefined || batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return undefined;
  return batchItemFailures.map((failure: unknown) =>
    isObject(failure) ? failure.itemIdentifier : undefined,
  );
};

/**
 * Reads a ReportBatchItemFailures answer as Lambda does: nothing, null, `{}` and an empty list are
 * success; an identifier that is empty, missing or not of this batch fails the whole batch.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @param ids the identifiers of the batch: message ids, or sequence numbers
 */
export const readFailures = (answer: unknown, ids: readonly string[]): Failures => {
  const named = identifiers(answer);
  if (named === undefined) return 'all';
  if (named.length === 0) return NONE;
  const known = new Set(ids);
  const failed = new Set<string>();
  for (const id of named) {
    if (typeof id !== 'string' || !known.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
};
