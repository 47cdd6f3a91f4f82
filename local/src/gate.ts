import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Holds callers back while it is closed, and counts those inside. */
export class Gate {
  #inside = 0;
  #closed: { readonly over: Promise<void>; readonly open: () => void } | undefined;

  /** How many have entered and not left. */
  get inside(): number {
    return this.#inside;
  }

  async enter(): Promise<void> {
    // It may have been closed again meanwhile.
    while (this.#closed) await this.#closed.over;
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
  }

  close(): void {
    let open = () => {};
    const over = new Promise<void>((done) => {
      open = done;
    });
    this.#closed ??= { over, open };
  }

  open(): void {
    this.#closed?.open();
    this.#closed = undefined;
  }

  /** Resolves when nobody is inside any more, or after `limitMs`. */
  async empty(limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (this.#inside > 0 && Date.now() < deadline) await delay(POLL_MS);
  }
}
