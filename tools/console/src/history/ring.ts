/** The latest items of a kind, by key; the oldest goes when there are too many. */
export class Ring<Item> {
  readonly #limit: number;
  readonly #items = new Map<string, Item>();
  readonly #onDrop: (item: Item) => void;

  /** @param onDrop called with each item that goes */
  constructor(limit: number, onDrop: (item: Item) => void = () => undefined) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  /** Adds an item, or replaces the one with this key where it stands. */
  set(key: string, item: Item): void {
    this.#items.set(key, item);
    if (this.#items.size <= this.#limit) return;
    const [oldest, dropped] = this.#items.entries().next().value as [string, Item];
    this.#items.delete(oldest);
    this.#onDrop(dropped);
  }

  get(key: string): Item | undefined {
    return this.#items.get(key);
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  get size(): number {
    return this.#items.size;
  }

  /** Oldest first. */
  values(): Iterable<Item> {
    return this.#items.values();
  }

  newestFirst(): readonly Item[] {
    return [...this.#items.values()].reverse();
  }
}
