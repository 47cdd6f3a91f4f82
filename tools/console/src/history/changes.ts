/** Tells listeners what has changed, in batches, so that a burst is few messages. Without a listener it keeps nothing. */
export class Changes<Item> {
  readonly #listeners = new Set<(items: readonly Item[]) => void>();
  readonly #everyMs: number;
  #pending = new Map<string, Item>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** A later change of the same key replaces an earlier one that is still to be sent. */
  add(key: string, item: Item): void {
    if (this.#listeners.size === 0) return;
    this.#pending.set(key, item);
    this.#timer ??= setTimeout(() => this.#send(), this.#everyMs).unref();
  }

  /** @returns ends it */
  listen(listener: (items: readonly Item[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #send(): void {
    this.#timer = undefined;
    const items = [...this.#pending.values()];
    this.#pending = new Map();
    for (const listener of this.#listeners) listener(items);
  }
}
