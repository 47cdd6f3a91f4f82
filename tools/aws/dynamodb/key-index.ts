import { type Position, SortedList } from './sorted-list.ts';

/** What has a place in an index: its partition, and there its sort key and identity. */
export interface IndexEntry extends Position {
  readonly partition: string;
}

interface Partition<T extends IndexEntry> extends Position {
  readonly entries: SortedList<T>;
}

const HASH_SPACE = 2 ** 32;

/** A number from 0 to 2^32 for a partition key (FNV-1a, mixed): scans and shards go by it. */
export const partitionHash = (partition: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < partition.length; at++) hash = Math.imul(hash ^ partition.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

const hashText = (hash: number): string => hash.toString(16).padStart(8, '0');

const scanPosition = (partition: string): Position => ({
  sort: hashText(partitionHash(partition)),
  id: partition,
});

/** A part of all partitions for a parallel scan. */
export interface Segment {
  readonly segment: number;
  readonly total: number;
}

/** Entries by partition, sorted in each; partitions are scattered by their hash. */
export class KeyIndex<T extends IndexEntry> {
  readonly #byKey = new Map<string, Partition<T>>();
  readonly #scattered = new SortedList<Partition<T>>();

  add(entry: T): void {
    this.#partition(entry.partition).entries.add(entry);
  }

  remove(entry: IndexEntry): void {
    const partition = this.#byKey.get(entry.partition);
    if (!partition) return;
    partition.entries.remove(entry);
    if (partition.entries.size > 0) return;
    this.#byKey.delete(entry.partition);
    this.#scattered.remove(partition);
  }

  #partition(key: string): Partition<T> {
    const known = this.#byKey.get(key);
    if (known) return known;
    const partition = { ...scanPosition(key), entries: new SortedList<T>() };
    this.#byKey.set(key, partition);
    this.#scattered.add(partition);
    return partition;
  }

  /** Entries of one partition between two positions. */
  query(
    partition: string,
    after: Position | undefined,
    before: Position | undefined,
    descending: boolean,
  ): Iterable<T> {
    return this.#byKey.get(partition)?.entries.between(after, before, descending) ?? [];
  }

  /** All entries of a segment, after one. */
  *scan({ segment, total }: Segment, after?: IndexEntry): Generator<T, void, undefined> {
    const bound = (at: number): Position => ({
      sort: hashText(Math.ceil((HASH_SPACE * at) / total)),
      id: '',
    });
    if (after) yield* this.query(after.partition, after, undefined, false);
    const from = after ? scanPosition(after.partition) : bound(segment);
    const to = segment + 1 === total ? undefined : bound(segment + 1);
    for (const { entries } of this.#scattered.between(from, to)) yield* entries.between();
  }
}

export const isInSegment = (partition: string, { segment, total }: Segment): boolean => {
  const hash = partitionHash(partition);
  return (
    hash >= Math.ceil((HASH_SPACE * segment) / total) &&
    hash < Math.ceil((HASH_SPACE * (segment + 1)) / total)
  );
};
