/** What waits, first come first served; taking is cheap however long it is. */
export class Line<T> {
  #items: T[] = [];
  #taken = 0;

  get length(): number {
    return this.#items.length - this.#taken;
  }

  get first(): T | undefined {
    return this.#items[this.#taken];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the first; undefined when nothing waits. */
  take(): T | undefined {
    const item = this.#items[this.#taken];
    if (item === undefined) return undefined;
    this.#taken += 1;
    // Copying half of the array once in so many takes costs each of them a constant.
    if (this.#taken > 1024 && this.#taken * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  /** Takes up to `most`. */
  takeUpTo(most: number): T[] {
    const taken: T[] = [];
    while (taken.length < most) {
      const item = this.take();
      if (item === undefined) break;
      taken.push(item);
    }
    return taken;
  }
}
