import { quotas, times } from './assumptions.ts';
import { TokenBucket } from './token-bucket.ts';

/** How many executions an account has under way, over all functions. */
export class AccountConcurrency {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  enter(): boolean {
    if (this.#used >= this.#limit) return false;
    this.#used += 1;
    return true;
  }

  leave(): void {
    this.#used -= 1;
  }
}

/** The environments of one function: they are kept, and new ones come only so fast. */
export class FunctionEnvironments {
  readonly #account: AccountConcurrency;
  readonly #new = new TokenBucket(quotas.environmentsPerSecond.value, quotas.environmentsAtOnce.value);
  #environments: number;
  #used = 0;
  #peak = 0;
  #throttles = 0;

  /** @param warm environments that are there before the first invocation */
  constructor(account: AccountConcurrency, warm: number) {
    this.#account = account;
    this.#environments = warm;
  }

  /** The most that were in use at once. */
  get peak(): number {
    return this.#peak;
  }

  get throttles(): number {
    return this.#throttles;
  }

  /** Begins an invocation. @returns milliseconds of its cold start, or undefined when it is throttled */
  enter(now: number): number | undefined {
    const isCold = this.#used >= this.#environments;
    if (!this.#account.enter()) return this.#throttled();
    if (isCold && !this.#new.take(now)) {
      this.#account.leave();
      return this.#throttled();
    }
    if (isCold) this.#environments += 1;
    this.#used += 1;
    this.#peak = Math.max(this.#peak, this.#used);
    return isCold ? times.coldStart.value : 0;
  }

  leave(): void {
    this.#used -= 1;
    this.#account.leave();
  }

  #throttled(): undefined {
    this.#throttles += 1;
  }
}
