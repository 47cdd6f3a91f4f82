/** A target is failing once it has accepted nothing for this long, though it was tried all the time. */
const failingAfterMs = 60_000;
/** How often a failing target is tried. */
const probeEveryMs = 5_000;

/**
 * Whether a target accepts events, as far as this container knows. A target that accepts some of them is slow, not
 * failing.
 *
 * Only failures that this container has seen itself count, without a long pause between them: after an outage of the
 * publisher, old events do not make a target failing.
 */
export class TargetHealth {
  /** Failures since the target last accepted an event. */
  #failures: { readonly since: number; readonly latest: number; readonly reason: string } | undefined;
  #probedAt = Number.NEGATIVE_INFINITY;
  #failing = false;

  get isFailing(): boolean {
    return this.#failing;
  }

  /** Why it accepted nothing at the latest try. */
  get reason(): string | undefined {
    return this.#failures?.reason;
  }

  /** @returns whether to try a failing target now; then the next probe is due in some seconds */
  beginProbe(): boolean {
    const now = Date.now();
    if (now - this.#probedAt < probeEveryMs) return false;
    this.#probedAt = now;
    return true;
  }

  /** A probe of a failing target is due at once. */
  probeNext(): void {
    this.#probedAt = Number.NEGATIVE_INFINITY;
  }

  /** The target has accepted an event. */
  reset(): void {
    this.#failures = undefined;
    this.#failing = false;
  }

  /** The target was tried and accepted nothing. */
  failed(reason: string): void {
    const now = Date.now();
    const continues = this.#failures !== undefined && now - this.#failures.latest < failingAfterMs;
    const since = continues ? (this.#failures?.since ?? now) : now;
    this.#failures = { since, latest: now, reason };
    if (!this.#failing && now - since >= failingAfterMs) {
      this.#failing = true;
      this.#probedAt = now;
    }
  }
}
