import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Lets callers in, in their order: none while it is closed, and never more than its limit at the same time. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #closed = false;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** How many have entered and not left. */
  get inside(): number {
    return this.#inside;
  }

  enter(): Promise<void> {
    return new Promise((letIn) => {
      this.#waiting.push(letIn);
      this.#admit();
    });
  }

  leave(): void {
    this.#inside -= 1;
    this.#admit();
  }

  close(): void {
    this.#closed = true;
  }

  open(): void {
    this.#closed = false;
    this.#admit();
  }

  /** Resolves when nobody is inside any more, or after `limitMs`. */
  async empty(limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (this.#inside > 0 && Date.now() < deadline) await delay(POLL_MS);
  }

  #admit(): void {
    while (!this.#closed && this.#inside < this.#limit) {
      const letIn = this.#waiting.shift();
      if (letIn === undefined) return;
      this.#inside += 1;
      letIn();
    }
  }
}
