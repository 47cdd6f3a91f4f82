import type { Received } from './received.ts';

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const ATTEMPT_MS = 300_000;

/** The queue, as far as a repeated receive needs it. */
interface InFlight {
  areInFlight(received: readonly Received[]): boolean;
  changeVisibility(handle: string, seconds: number): void;
}

interface Attempt {
  readonly received: readonly Received[];
  readonly until: number;
}

/** Lets a caller of a FIFO queue repeat a receive whose answer was lost: ReceiveRequestAttemptId. */
export class ReceiveAttempts {
  /** In the order of time. */
  readonly #attempts = new Map<string, Attempt>();

  /** The messages of the first attempt, hidden anew, or undefined when one of them is no longer in flight. */
  repeat(
    attemptId: string,
    queue: InFlight,
    visibilitySeconds: number,
    now: number,
  ): readonly Received[] | undefined {
    this.#dropExpired(now);
    const attempt = this.#attempts.get(attemptId);
    if (!attempt || !queue.areInFlight(attempt.received)) return undefined;
    for (const { handle } of attempt.received) queue.changeVisibility(handle, visibilitySeconds);
    return attempt.received;
  }

  remember(attemptId: string, received: readonly Received[], now: number): void {
    if (received.length === 0) return;
    this.#attempts.delete(attemptId);
    this.#attempts.set(attemptId, { received, until: now + ATTEMPT_MS });
  }

  #dropExpired(now: number): void {
    for (const [attemptId, { until }] of this.#attempts) {
      if (until > now) return;
      this.#attempts.delete(attemptId);
    }
  }
}
