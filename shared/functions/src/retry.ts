export { isThrottle, isTransient } from '#cloud/errors';

/** Waits so many milliseconds. */
export async function pause(ms: number): Promise<void> {
  // Loaded at the first pause, which few containers make.
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms);
}

/**
 * Pauses for a random time of up to `base * 2^attempt` ms, at most `cap` ms: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt counted from 0
 */
export async function backOff(attempt: number, { base = 20, cap = 1_000 } = {}): Promise<void> {
  await pause(Math.random() * Math.min(cap, base * 2 ** attempt));
}

/** Other writes to the same items kept cancelling a transaction. A later try is safe. */
export class TransactionConflictError extends Error {
  override readonly name = 'TransactionConflictError';
}
