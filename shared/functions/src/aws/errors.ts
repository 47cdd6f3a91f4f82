import { isNativeError } from 'node:util/types';
import { connectionErrors } from '../connection-errors.ts';

/** @returns whether a later try may succeed: AWS throttles or fails, or its answer did not arrive */
export function isTransient(error: unknown): boolean {
  // Not instanceof: in Jest's sandbox, Node's own network errors belong to another realm.
  if (!isNativeError(error)) return false;
  if (error.name === 'TransactionConflictError' || error.name === 'TransactionConflictException') return true;
  if (isThrottle(error) || isNetworkError(error)) return true;
  const status = statusOf(error);
  return status >= 500 || (status > 0 && !isAnswerOfService(error));
}

/**
 * Whether the service itself refused: the SDK sets the service's code as the error's name. The answer of a proxy or a
 * load balancer is unreadable, or has no code ("Unknown").
 */
const isAnswerOfService = (error: Error): boolean => '$fault' in error && error.name !== 'Unknown';

function isNetworkError(error: Error): boolean {
  const code = codeOf(error);
  // HPE: Node's parser of HTTP.
  return networkErrors.has(error.name) || networkErrors.has(code) || code.startsWith('HPE_');
}

/** @returns whether AWS throttled the call */
export function isThrottle(error: Error): boolean {
  return throttles.has(error.name) || statusOf(error) === 429;
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
const throttles = new Set([
  'BandwidthLimitExceeded',
  'KMS.ThrottlingException',
  'KmsThrottled',
  'LimitExceededException',
  'OverLimit',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

const networkErrors = new Set([
  ...connectionErrors,
  // At the deadline of a request context.
  'AbortError',
  'NetworkingError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}
