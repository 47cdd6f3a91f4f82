import { setTimeout } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';

/**
 * Pauses for a random time of up to `base * 2^attempt` ms, at most `cap` ms: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt counted from 0
 */
export async function backOff(attempt: number, { base = 20, cap = 1_000 } = {}): Promise<void> {
  await setTimeout(Math.random() * Math.min(cap, base * 2 ** attempt));
}

/** Other writes to the same items kept cancelling a transaction. A later try is safe. */
export class TransactionConflictError extends Error {
  override readonly name = 'TransactionConflictError';
}

type SdkError = Parameters<typeof isTransientError>[0];

// Not instanceof: in Jest's sandbox, Node's own network errors belong to another realm.
const isError = (error: unknown): error is SdkError => isNativeError(error);

/** @returns whether a later try may succeed: AWS throttles or fails, or its answer did not arrive */
export function isTransient(error: unknown): boolean {
  if (!isError(error)) return false;
  if (transientErrors.has(error.name) || isThrottle(error) || isTransientError(error)) return true;
  const status = statusOf(error);
  return status >= 500 || (status > 0 && !isAnswerOfService(error)) || isUnreadable(error);
}

/** What the SDK itself does not try again. */
const transientErrors = new Set([
  // At the deadline of a request context.
  'AbortError',
  'TransactionConflictError',
  'TransactionConflictException',
]);

/**
 * Whether the service itself refused: the SDK sets the service's code as the error's name. The answer of a proxy or a
 * load balancer is unreadable, or has no code ("Unknown").
 */
const isAnswerOfService = (error: SdkError): boolean => '$fault' in error && error.name !== 'Unknown';

/** Whether Node's HTTP parser refused the answer. */
const isUnreadable = (error: SdkError): boolean => 'code' in error && String(error.code).startsWith('HPE_');

/** @returns whether AWS throttled the call */
export function isThrottle(error: unknown): boolean {
  return isError(error) && (throttles.has(error.name) || isThrottlingError(error));
}

/**
 * What SQS throttles with, and the SDK does not count as such:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const throttles = new Set(['KMS.ThrottlingException', 'KmsThrottled', 'OverLimit']);

function statusOf({ $metadata }: SdkError): number {
  const status = $metadata?.httpStatusCode;
  return typeof status === 'number' ? status : 0;
}
