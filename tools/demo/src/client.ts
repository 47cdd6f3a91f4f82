import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from './failure.ts';

/** An answer that is no server error: 2xx, 3xx or 4xx but 429. */
export interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined when there is no body. */
  readonly body: unknown;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly body?: unknown;
  /** Sent as `Idempotency-Key`, the same on every attempt. */
  readonly idempotencyKey?: string;
}

export type Client = (call: Call) => Promise<Answer>;

export interface ClientOptions {
  /** Stops every call and every wait. */
  readonly signal: AbortSignal;
  /** What each call shows, where the APIs ask for a token. */
  readonly token?: (() => Promise<string>) | undefined;
  /** Milliseconds from the first attempt after which no further one is made; default two minutes. */
  readonly deadlineMs?: number;
  /** Milliseconds that one attempt may take; default 30 s, API Gateway's own limit. */
  readonly attemptMs?: number;
  /** Milliseconds: first and longest backoff. */
  readonly backoff?: { readonly first: number; readonly longest: number };
  /** Told of each attempt that is followed by another. */
  readonly onRetry?: (failure: string) => void;
}

/** Thrown when a service gave no usable answer until the deadline; names the call and the last reason. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/**
 * An HTTP client that outlives a service being restarted.
 *
 * Refused or broken connections, timeouts, 5xx and 429 are tried again with the same `Idempotency-Key`, after a
 * pause with full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/) or
 * what `Retry-After` asks for (RFC 9110, section 10.2.3, seconds). Every call of the demo is idempotent, so
 * trying again changes nothing. `fetch` keeps connections alive.
 *
 * @throws UnreachableError at the deadline; the signal's reason when it is aborted
 */
export const createClient = (options: ClientOptions): Client => {
  const { signal, token, deadlineMs = 120_000, attemptMs = 30_000, onRetry } = options;
  const backoff = options.backoff ?? { first: 100, longest: 3_000 };
  return async (call) => {
    const deadline = Date.now() + deadlineMs;
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const outcome = await tryOnce(call, { signal, token, attemptMs });
      if ('answer' in outcome) return outcome.answer;
      const ceiling = Math.min(backoff.longest, backoff.first * 2 ** attempt);
      const wait = Math.max(Math.random() * ceiling, outcome.retryAfterMs ?? 0);
      if (Date.now() + wait > deadline) {
        const seconds = Math.round(deadlineMs / 1000);
        throw new UnreachableError(
          `${call.method} ${call.url} had no usable answer for ${seconds} s (${attempt + 1} attempts): ${outcome.failure}`,
        );
      }
      onRetry?.(outcome.failure);
      await pause(wait, undefined, { signal });
    }
  };
};

type Outcome =
  | { readonly answer: Answer }
  | { readonly failure: string; readonly retryAfterMs?: number | undefined };

const tryOnce = async (
  call: Call,
  { signal, token, attemptMs }: Pick<ClientOptions, 'signal' | 'token'> & { readonly attemptMs: number },
): Promise<Outcome> => {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: {
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${await token()}` }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]),
    });
    const text = await response.text();
    if (response.status >= 500 || response.status === 429) {
      return {
        failure: `${response.status} ${text.slice(0, 300)}`,
        retryAfterMs: retryAfter(response.headers.get('retry-after')),
      };
    }
    const body = parseBody(text);
    if (isFunctionError(body)) return { failure: text.slice(0, 300) };
    return { answer: { status: response.status, body } };
  } catch (error) {
    signal.throwIfAborted();
    return { failure: messageOf(error) };
  }
};

const retryAfter = (header: string | null): number | undefined =>
  header !== null && /^\d{1,3}$/.test(header) ? Number(header) * 1000 : undefined;

/** A body that is not JSON is a half-finished answer of a service that is going down: worth another attempt. */
const parseBody = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/**
 * serverless-offline answers a function that timed out or broke with status 200 and Lambda's own error, where
 * API Gateway answers 5xx (serverless-offline 14, HttpServer.js: a result without `statusCode` becomes a 200).
 */
const isFunctionError = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'errorType' in body && 'errorMessage' in body;
