import { quotas } from './assumptions.ts';
import { TokenBucket } from './token-bucket.ts';

/** Units that a write takes of the partition that its key is in. */
export interface Units {
  readonly partitions: readonly TokenBucket[];
  /** A hash of the key: decides about the partition. */
  readonly key: number;
  readonly units: number;
}

/**
 * The partitions of a table or an index. Each takes its units evenly; what it saves up while it is idle is best effort
 * on AWS, so a second of it is all that counts here. None is split within the minutes that are simulated.
 *
 * @param keys how many partition keys there are, where there are few: more partitions than keys are of no use
 */
export function partitionsFor(
  unitsPerSecond: number,
  keys = Number.POSITIVE_INFINITY,
): readonly TokenBucket[] {
  const each = quotas.partitionUnits.value;
  const count = Math.max(1, Math.min(keys, Math.ceil(unitsPerSecond / each)));
  return Array.from({ length: count }, () => new TokenBucket(each, each));
}

const bucketOf = ({ partitions, key }: Units): TokenBucket => {
  const bucket = partitions[key % partitions.length];
  if (bucket === undefined) throw new RangeError('A table has at least one partition');
  return bucket;
};

/** Takes what one write needs of all its partitions. @returns milliseconds that it is throttled for */
export function write(now: number, taken: readonly Units[]): number {
  return Math.max(0, ...taken.map((each) => bucketOf(each).borrow(now, each.units)));
}

/** Whether a write would be let through within so many milliseconds. */
export function canWrite(now: number, taken: readonly Units[], withinMs: number): boolean {
  return taken.every((each) => bucketOf(each).waitFor(now, each.units) <= withinMs);
}
