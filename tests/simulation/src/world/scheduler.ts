import type { Clock } from '@orderly/aws/clock';
import type { Dice } from './dice.ts';

interface Event {
  /** In microseconds of virtual time. */
  readonly at: number;
  readonly tie: number;
  readonly sequence: number;
  /** Undefined once it has happened or was cancelled. */
  happen: (() => void) | undefined;
}

const isBefore = (one: Event, other: Event): boolean => {
  if (one.at !== other.at) return one.at < other.at;
  return one.tie === other.tie ? one.sequence < other.sequence : one.tie < other.tie;
};

/** The one timer of the machine in a run. */
const nextTurn = setImmediate;

/** Resolves when every promise that could go on has gone on: Node.js runs an immediate only when no other job is left. */
const drained = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));

/** When the world begins, in milliseconds since the epoch. */
export const EPOCH_MS = Date.UTC(2026, 0, 1);

/**
 * Virtual time. Everything that happens is an event here, and those of one moment come in an order that the seed
 * decides. After each event all promises go on as far as they can.
 */
export class Scheduler implements Clock {
  readonly #dice: Dice;
  readonly #heap: Event[] = [];
  #sequence = 0;
  #micros = 0;
  #steps = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Events so far: a failure is found again by their number. */
  get steps(): number {
    return this.#steps;
  }

  /** Microseconds since the world began. */
  get micros(): number {
    return this.#micros;
  }

  now(): number {
    return EPOCH_MS + Math.floor(this.#micros / 1000);
  }

  after(ms: number, callback: () => void): () => void {
    const at = this.#micros + Math.max(0, Math.round(ms * 1000));
    const event: Event = { at, tie: this.#dice.word(), sequence: this.#sequence++, happen: callback };
    this.#push(event);
    return () => {
      event.happen = undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /**
   * Lets things happen until the work is done.
   * @param limits the last step, and the last moment in milliseconds since the world began
   * @returns whether it was done within the limits
   * @throws what the work throws
   */
  async run(
    work: Promise<unknown>,
    limits: { readonly steps?: number; readonly ms?: number } = {},
  ): Promise<boolean> {
    const { steps = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY } = limits;
    let done = false;
    let failure: { readonly error: unknown } | undefined;
    work.then(
      () => {
        done = true;
      },
      (error: unknown) => {
        failure = { error };
      },
    );
    await drained();
    while (!done && failure === undefined) {
      const event = this.#pop();
      if (event === undefined) throw new Error('Nothing is left to happen, and the work is not done');
      const { happen } = event;
      if (happen === undefined) continue;
      if (event.at > ms * 1000 || this.#steps >= steps) return false;
      event.happen = undefined;
      this.#micros = event.at;
      this.#steps++;
      happen();
      await drained();
    }
    if (failure) throw failure.error;
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, event)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
    return first;
  }
}
