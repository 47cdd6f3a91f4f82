import { isNativeError } from 'node:util/types';
import * as postgres from '../postgres/errors.ts';

const statusOf = (error: Error): number =>
  error.name === 'ServiceError' && 'status' in error && typeof error.status === 'number' ? error.status : 0;

/** @returns whether the database or a service of the cloud has too much to do */
export const isThrottle = (error: Error): boolean => statusOf(error) === 429 || postgres.isThrottle(error);

/** @returns whether a later try may succeed: something is down, busy or full, or its answer did not arrive */
export function isTransient(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  if (statusOf(error) === 429 || statusOf(error) >= 500) return true;
  // fetch hides what has happened: https://fetch.spec.whatwg.org/#fetch-method
  return postgres.isTransient(error) || postgres.isTransient(error.cause);
}
