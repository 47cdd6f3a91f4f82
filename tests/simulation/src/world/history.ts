import { createHash } from 'node:crypto';
import type { Scheduler } from './scheduler.ts';

/** What a line of the history is about. */
export type Kind =
  | 'write'
  | 'message'
  | 'invoke'
  | 'answer'
  | 'cold start'
  | 'kill'
  | 'log'
  | 'mail'
  | 'request'
  | 'fault'
  | 'incident';

/** What only a listener gets: it follows from the rest, and says who has done what. */
export type Note =
  /** A call that AWS serves in this step: the caller and the operation. */
  | 'call'
  /** What a function is invoked with. */
  | 'event';

export interface Line {
  /** Microseconds since the world began. */
  readonly at: number;
  readonly step: number;
  readonly kind: Kind | Note;
  readonly text: string;
}

const LINES_AT_ONCE = 100;

/** All that happened and means something, in order: two worlds are the same exactly when their hashes are. */
export class History {
  readonly counts = new Map<Kind, number>();
  readonly #hash = createHash('sha256');
  /** Lines that are not hashed yet: to hash each alone takes several times as long. */
  #lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #listener: ((line: Line) => void) | undefined;

  /** @param listener gets every line, where somebody wants more than the hash */
  constructor(scheduler: Scheduler, listener?: (line: Line) => void) {
    this.#scheduler = scheduler;
    this.#listener = listener;
  }

  add(kind: Kind, text: string): void {
    const { micros, steps } = this.#scheduler;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.#lines.push(`${micros} ${kind} ${text}\n`);
    if (this.#lines.length === LINES_AT_ONCE) this.#hashLines();
    this.#listener?.({ at: micros, step: steps, kind, text });
  }

  /** Tells a listener more, where there is one. It is no part of the hash. */
  note(kind: Note, text: () => string): void {
    if (this.#listener === undefined) return;
    const { micros, steps } = this.#scheduler;
    this.#listener({ at: micros, step: steps, kind, text: text() });
  }

  /** SHA-256, in hexadecimal digits. Ends the history. */
  hash(): string {
    this.#hashLines();
    return this.#hash.digest('hex');
  }

  #hashLines(): void {
    this.#hash.update(this.#lines.join(''));
    this.#lines = [];
  }
}
