import type { EndpointId } from '@orderly/contracts';
import type { Attempt } from './attempt.ts';

/** PENDING -> DELIVERED | FAILED. `retry` makes a finished one PENDING again. */
export type DeliveryStatus = 'PENDING' | 'DELIVERED' | 'FAILED';

/** One try to hand an event over, with what came back. */
export type RecordedAttempt = Attempt & { readonly at: string };

/** An event on its way to an endpoint. */
export interface Delivery {
  readonly endpointId: EndpointId;
  readonly eventId: string;
  readonly eventType: string;
  /** What is sent, byte for byte: the event as it was published. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** The last ones, oldest first. */
  readonly attempts: readonly RecordedAttempt[];
  /** How many attempts have failed since it became PENDING. */
  readonly failures: number;
  /** When the next attempt may begin, while it is PENDING. */
  readonly nextAttemptAt?: string;
  /** Counts the changes; 1 when created. */
  readonly version: number;
  readonly createdAt: string;
}

export interface RetryPolicy {
  /** The pauses after each failure, in seconds; after the last one a delivery is FAILED. */
  readonly delaySeconds: readonly number[];
}

/** A delivery keeps this many attempts, so that its item stays small: more than a day of retries has. */
const keptAttempts = 20;
/** Pauses are longer by up to this part, so that the retries of one outage do not all come at once. */
const jitter = 0.1;

export function begin(
  endpointId: EndpointId,
  event: { readonly id: string; readonly type: string; readonly body: string },
  at: Date,
): Delivery {
  const { id: eventId, type: eventType, body } = event;
  const createdAt = at.toISOString();
  return {
    ...{ endpointId, eventId, eventType, body, status: 'PENDING', attempts: [], failures: 0 },
    ...{ nextAttemptAt: createdAt, version: 1, createdAt },
  };
}

/** Whether an answer says that the event has arrived. Anything else, redirects included, is a failure. */
export const isAccepted = (attempt: Attempt): boolean =>
  attempt.outcome === 'answered' && attempt.status >= 200 && attempt.status < 300;

/** Whether an answer says that the endpoint is no more. */
export const isGone = (attempt: Attempt): boolean => attempt.outcome === 'answered' && attempt.status === 410;

/**
 * The delivery after an attempt.
 *
 * @param random at least 0 and below 1, for the jitter
 */
export function record(
  delivery: Delivery,
  attempt: Attempt,
  at: Date,
  { delaySeconds }: RetryPolicy,
  random: number,
): Delivery {
  const { nextAttemptAt: _, ...before } = delivery;
  const attempts = [...before.attempts, { ...attempt, at: at.toISOString() }].slice(-keptAttempts);
  const after = { ...before, attempts, version: before.version + 1 };
  if (isAccepted(attempt)) return { ...after, status: 'DELIVERED' };
  const failures = before.failures + 1;
  const delay = delaySeconds[before.failures];
  if (delay === undefined || isGone(attempt)) return { ...after, failures, status: 'FAILED' };
  const wanted = attempt.outcome === 'answered' ? (attempt.retryAfterSeconds ?? 0) : 0;
  const pauseMs = Math.max(delay * (1 + jitter * random), wanted) * 1000;
  const ended = at.getTime() + attempt.durationMs;
  return { ...after, failures, nextAttemptAt: new Date(ended + pauseMs).toISOString() };
}

/** Begins the attempts anew, whatever has become of the delivery. One that waits is due at once. */
export function retry(delivery: Delivery, at: Date): Delivery {
  return {
    ...delivery,
    ...{ status: 'PENDING', failures: 0, nextAttemptAt: at.toISOString(), version: delivery.version + 1 },
  };
}
