import pLimit from 'p-limit';

/**
 * Maps items with at most `concurrency` calls at once, started in the order of the items; the first failure
 * ends it: calls that have not started never do.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const limit = pLimit(concurrency);
  try {
    return await Promise.all(items.map((item) => limit(map, item)));
  } catch (error) {
    limit.clearQueue();
    throw error;
  }
}
