import type { EventQueue } from './event-queue.ts';

interface Job {
  /** On the clock that goes as fast as each job does. */
  readonly endsAt: number;
  readonly done: () => void;
}

/** So many cores, shared evenly by all jobs; one job has one core at most. */
export class Cores {
  readonly #events: EventQueue;
  readonly #count: number;
  /** The one that ends first comes first. */
  readonly #jobs: Job[] = [];
  /** How much work each job that was there all the time has been given: every job gets the same. */
  #work = 0;
  #workAt = 0;
  #used = 0;
  #change = 0;

  constructor(events: EventQueue, count: number) {
    this.#events = events;
    this.#count = count;
  }

  /** Milliseconds of all cores that were used. */
  get usedMs(): number {
    return this.#used;
  }

  run(cpuMs: number, done: () => void): void {
    this.#advance();
    const job = { endsAt: this.#work + cpuMs, done };
    const place = this.#jobs.findIndex(({ endsAt }) => endsAt > job.endsAt);
    this.#jobs.splice(place === -1 ? this.#jobs.length : place, 0, job);
    this.#used += cpuMs;
    this.#awaitNext();
  }

  get #pace(): number {
    return Math.min(1, this.#count / this.#jobs.length);
  }

  #advance(): void {
    const { now } = this.#events;
    if (this.#jobs.length > 0) this.#work += (now - this.#workAt) * this.#pace;
    this.#workAt = now;
  }

  #awaitNext(): void {
    const [next] = this.#jobs;
    this.#change += 1;
    if (next === undefined) return;
    const change = this.#change;
    const delay = Math.max(0, next.endsAt - this.#work) / this.#pace;
    this.#events.after(delay, () => {
      // Whatever has begun or ended meanwhile has set a time anew.
      if (change !== this.#change) return;
      this.#advance();
      this.#jobs.shift();
      this.#awaitNext();
      next.done();
    });
  }
}
