/** A binary heap whose items can be moved and removed: every operation takes O(log n). */
export class PriorityQueue<T> {
  readonly #before: (one: T, other: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  /** @param before whether the first of two items comes out first */
  constructor(before: (one: T, other: T) => boolean) {
    this.#before = before;
  }

  first(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item, or finds a new place for one whose priority has changed. */
  set(item: T): void {
    const place = this.#places.get(item) ?? this.#items.length;
    this.#put(item, place);
    this.#sink(this.#rise(place));
  }

  delete(item: T): void {
    const place = this.#places.get(item);
    if (place === undefined) return;
    const last = this.#items.pop();
    this.#places.delete(item);
    if (last === undefined || last === item) return;
    this.#put(last, place);
    this.#sink(this.#rise(place));
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#items[one], this.#items[other]];
    return a !== undefined && b !== undefined && this.#before(a, b);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#items[one], this.#items[other]];
    if (a === undefined || b === undefined) return;
    this.#put(a, other);
    this.#put(b, one);
  }

  #rise(start: number): number {
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place;
  }

  #sink(start: number): void {
    let place = start;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }
}
