import type { EventQueue } from './event-queue.ts';
import { Line } from './line.ts';

/** How much of what waits is at work. */
export interface BatchLimits {
  /** In one batch. */
  readonly size: number;
  /** Batches at once: one for a shard of a stream, several for a queue. */
  readonly most: number;
}

/** Takes what waits in batches. One that has just ended is followed at once by the next. */
export class Batches<Item> {
  readonly #events: EventQueue;
  readonly #limits: BatchLimits;
  readonly #run: (batch: readonly Item[], done: () => void) => void;
  readonly #line = new Line<Item>();
  #busy = 0;
  #looking = false;

  /** @param run does the work of a batch and says when it is done */
  constructor(
    events: EventQueue,
    limits: BatchLimits,
    run: (batch: readonly Item[], done: () => void) => void,
  ) {
    this.#events = events;
    this.#limits = limits;
    this.#run = run;
  }

  /** @param foundAfterMs how long a reader that has nothing to do takes to find it */
  add(item: Item, foundAfterMs: number): void {
    this.#line.push(item);
    if (this.#looking || this.#busy >= this.#limits.most) return;
    this.#looking = true;
    this.#events.after(foundAfterMs, () => {
      this.#looking = false;
      this.#start();
    });
  }

  #start(): void {
    const { size, most } = this.#limits;
    while (this.#busy < most && this.#line.length > 0) {
      this.#busy += 1;
      this.#run(this.#line.takeUpTo(size), () => {
        this.#busy -= 1;
        this.#start();
      });
    }
  }
}
