import { isNativeError } from 'node:util/types';
import * as postgres from '../postgres/errors.ts';

/** @returns whether the database or a service of the cloud has too much to do */
export const isThrottle = (error: Error): boolean => statusOf(error) === 429 || postgres.isThrottle(error);

/** @returns whether a later try may succeed: something is down, busy or full, or its answer did not arrive */
export function isTransient(error: unknown): boolean {
  if (isAborted(error)) return true;
  // Not instanceof: in Jest's sandbox, Node's own network errors belong to another realm.
  if (!isNativeError(error)) return false;
  const status = statusOf(error);
  if (status === 429 || status >= 500 || postgres.isTransient(error)) return true;
  // What happened to a fetch is its cause: https://fetch.spec.whatwg.org/#fetch-method
  return error.name === 'TypeError' && (isLostFetch(error.cause) || postgres.isLost(error.cause));
}

const statusOf = (error: Error): number =>
  error.name === 'ServiceError' && 'status' in error && typeof error.status === 'number' ? error.status : 0;

/** Node.js 20 does not count a DOMException, with which a fetch times out, among native errors. */
const isAborted = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');

/** https://undici.nodejs.org/#/docs/api/Errors, and Node's parser of HTTP. */
const isLostFetch = (cause: unknown): boolean =>
  isNativeError(cause) &&
  'code' in cause &&
  /^(UND_ERR_(\w+_TIMEOUT|SOCKET|CLOSED|DESTROYED)|HPE_\w+)$/.test(String(cause.code));
