/** So much a second, and `burst` at once where it was not used before. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at = 0;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes so many if they are there; nothing otherwise. */
  take(now: number, count = 1): boolean {
    this.#refill(now);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes so many now, in debt if need be. @returns milliseconds until they are there */
  borrow(now: number, count: number): number {
    this.#refill(now);
    this.#tokens -= count;
    return Math.max(0, -this.#tokens / this.#perMs);
  }

  /** Milliseconds until so many would be there. */
  waitFor(now: number, count: number): number {
    this.#refill(now);
    return Math.max(0, (count - this.#tokens) / this.#perMs);
  }

  #refill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
