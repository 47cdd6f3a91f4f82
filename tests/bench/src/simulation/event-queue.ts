interface Scheduled {
  readonly at: number;
  /** Of two events at the same time the one that was scheduled first happens first. */
  readonly order: number;
  readonly happen: () => void;
}

const isBefore = (a: Scheduled, b: Scheduled): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** The clock of a simulation and what is yet to happen, as a binary heap. Times are in milliseconds. */
export class EventQueue {
  readonly #heap: Scheduled[] = [];
  #now = 0;
  #scheduled = 0;

  get now(): number {
    return this.#now;
  }

  /** @param delay milliseconds from now, not below zero */
  after(delay: number, happen: () => void): void {
    if (!(delay >= 0)) throw new RangeError(`Nothing happens ${delay} ms from now`);
    const heap = this.#heap;
    heap.push({ at: this.#now + delay, order: this.#scheduled++, happen });
    this.#rise(heap.length - 1);
  }

  /** Lets everything happen up to and with `until`; what is later stays scheduled. */
  run(until = Number.POSITIVE_INFINITY): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#takeFirst();
      this.#now = next.at;
      next.happen();
    }
    if (Number.isFinite(until)) this.#now = Math.max(this.#now, until);
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapUnlessBefore(parent, index)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [this.#heap[left], this.#heap[left + 1]];
      if (a === undefined) return;
      const child = b !== undefined && isBefore(b, a) ? left + 1 : left;
      if (!this.#swapUnlessBefore(index, child)) return;
      index = child;
    }
  }

  /** @returns whether they had to change places */
  #swapUnlessBefore(upper: number, lower: number): boolean {
    const [above, below] = [this.#heap[upper], this.#heap[lower]];
    if (above === undefined || below === undefined || isBefore(above, below)) return false;
    this.#heap[upper] = below;
    this.#heap[lower] = above;
    return true;
  }
}
