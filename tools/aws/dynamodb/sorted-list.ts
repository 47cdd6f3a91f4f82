/** Where an entry is: by `sort`, and among equals by `id`. Both are ordered by code units. */
export interface Position {
  readonly sort: string;
  readonly id: string;
}

/** After every entry with the same `sort`. */
export const AFTER_ALL = '\uffff\uffff';

const compare = (a: Position, b: Position): number => {
  if (a.sort < b.sort) return -1;
  if (a.sort > b.sort) return 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

/** The first index whose element is not before the position. */
const lowerBound = (entries: readonly Position[], position: Position): number => {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry && compare(entry, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

const CHUNK = 128;

/**
 * Entries in order, in chunks of limited length: adding to a list of 100,000 moves a hundred entries or two, not all.
 */
export class SortedList<T extends Position> {
  readonly #chunks: T[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  /** Adds an entry whose position is not taken. */
  add(entry: T): void {
    const at = this.#chunkFor(entry);
    const chunk = this.#chunks[at];
    this.#size++;
    if (!chunk) {
      this.#chunks.push([entry]);
      return;
    }
    chunk.splice(lowerBound(chunk, entry), 0, entry);
    if (chunk.length > 2 * CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK));
  }

  /** Removes the entry at a position, if there is one. */
  remove(position: Position): void {
    const at = this.#chunkFor(position);
    const chunk = this.#chunks[at];
    const index = chunk ? lowerBound(chunk, position) : 0;
    const entry = chunk?.[index];
    if (!chunk || !entry || compare(entry, position) !== 0) return;
    chunk.splice(index, 1);
    this.#size--;
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** Entries after one position and before another, upwards or downwards. The list must not change meanwhile. */
  *between(after?: Position, before?: Position, descending = false): Generator<T, void, undefined> {
    if (descending) yield* this.#down(after, before);
    else yield* this.#up(after, before);
  }

  *#up(after: Position | undefined, before: Position | undefined): Generator<T, void, undefined> {
    let at = after ? this.#chunkFor(after) : 0;
    let skip = after ? this.#countUpTo(at, after) : 0;
    for (; at < this.#chunks.length; at++, skip = 0) {
      const chunk = this.#chunks[at] ?? [];
      for (let index = skip; index < chunk.length; index++) {
        const entry = chunk[index];
        if (!entry || (before && compare(entry, before) >= 0)) return;
        yield entry;
      }
    }
  }

  *#down(after: Position | undefined, before: Position | undefined): Generator<T, void, undefined> {
    let at = before ? this.#chunkFor(before) : this.#chunks.length - 1;
    let from = before ? lowerBound(this.#chunks[at] ?? [], before) - 1 : undefined;
    for (; at >= 0; at--, from = undefined) {
      const chunk = this.#chunks[at] ?? [];
      for (let index = from ?? chunk.length - 1; index >= 0; index--) {
        const entry = chunk[index];
        if (!entry || (after && compare(entry, after) <= 0)) return;
        yield entry;
      }
    }
  }

  /** How many entries of a chunk are not after the position. */
  #countUpTo(at: number, position: Position): number {
    const chunk = this.#chunks[at] ?? [];
    const index = lowerBound(chunk, position);
    const entry = chunk[index];
    return entry && compare(entry, position) === 0 ? index + 1 : index;
  }

  /** The chunk in which the position belongs. */
  #chunkFor(position: Position): number {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#chunks[middle]?.[0];
      if (first && compare(first, position) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
