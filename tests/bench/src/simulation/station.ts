import type { EventQueue } from './event-queue.ts';
import { Line } from './line.ts';

interface Waiting {
  readonly since: number;
  readonly serviceMs: number;
  readonly done: (waitedMs: number) => void;
}

/** So many servers with one line before them, first come first served. */
export class Station {
  readonly #events: EventQueue;
  readonly #servers: number;
  readonly #line = new Line<Waiting>();
  #busy = 0;

  constructor(events: EventQueue, servers: number) {
    this.#events = events;
    this.#servers = servers;
  }

  get waiting(): number {
    return this.#line.length;
  }

  get busy(): number {
    return this.#busy;
  }

  /** @param done is told how long it waited before its service began */
  serve(serviceMs: number, done: (waitedMs: number) => void): void {
    this.#line.push({ since: this.#events.now, serviceMs, done });
    this.#next();
  }

  #next(): void {
    if (this.#busy >= this.#servers) return;
    const next = this.#line.take();
    if (next === undefined) return;
    this.#busy += 1;
    const waited = this.#events.now - next.since;
    this.#events.after(next.serviceMs, () => {
      this.#busy -= 1;
      next.done(waited);
      this.#next();
    });
  }
}
