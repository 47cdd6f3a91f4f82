/** A target that has accepted nothing for so long, though it was tried all the time, is failing. */
const failingAfterMs = 60_000;
/** How often a failing target is tried. */
const probeEveryMs = 5_000;

/**
 * What this container knows of a target's ability to take events. A target that takes some of what it gets is slow,
 * not failing.
 *
 * Only failures count that this container has seen itself, without a long pause between them: after an outage of the
 * publisher a target is not failing because its events are old.
 */
export class TargetHealth {
  /** Failures with nothing accepted between them. */
  #failures: { readonly since: number; readonly latest: number; readonly reason: string } | undefined;
  #probedAt = Number.NEGATIVE_INFINITY;
  #failing = false;

  get isFailing(): boolean {
    return this.#failing;
  }

  /** Why it has taken nothing the last time. */
  get reason(): string | undefined {
    return this.#failures?.reason;
  }

  /** Whether a failing target shall be tried now; then it is not for the next seconds. */
  beginProbe(): boolean {
    const now = Date.now();
    if (now - this.#probedAt < probeEveryMs) return false;
    this.#probedAt = now;
    return true;
  }

  /** It has accepted something, or cannot be judged any more. */
  reset(): void {
    this.#failures = undefined;
    this.#failing = false;
  }

  /** It was tried and has accepted nothing. */
  failed(reason: string): void {
    const now = Date.now();
    const inTouch = this.#failures !== undefined && now - this.#failures.latest < failingAfterMs;
    const since = inTouch ? (this.#failures?.since ?? now) : now;
    this.#failures = { since, latest: now, reason };
    if (!this.#failing && now - since >= failingAfterMs) {
      this.#failing = true;
      this.#probedAt = now;
    }
  }
}
