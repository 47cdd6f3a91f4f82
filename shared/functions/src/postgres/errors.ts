import { isNativeError } from 'node:util/types';
import { connectionErrors } from '../connection-errors.ts';

/** The request itself is wrong; the name is DynamoDB's for such an answer, and tells it from a fault. */
export class InvalidRequestError extends Error {
  override readonly name = 'ValidationException';
}

/** The deadline of the request context has passed; the name is that of an aborted call. */
export class DeadlineError extends Error {
  override readonly name = 'AbortError';
}

/** The connection was lost while a transaction was committed, and so was the server. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** @returns whether a later try may succeed: the database is down, busy or full, or its answer did not arrive */
export function isTransient(error: unknown): boolean {
  // Not instanceof: in Jest's sandbox, Node's own network errors belong to another realm.
  if (!isNativeError(error)) return false;
  if (transientNames.has(error.name)) return true;
  return isConflict(error) || isLost(error) || transientCodes.has(codeOf(error));
}

/** @returns whether the database refused because it has too many connections */
export function isThrottle(error: Error): boolean {
  return codeOf(error) === tooManyConnections;
}

/** @returns whether another transaction was in the way */
export const isConflict = (error: unknown): boolean => conflictCodes.has(codeOf(error));

/** @returns whether the connection was lost, or not made */
export function isLost(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const code = codeOf(error);
  return connectionErrors.includes(code) || lostCodes.has(code) || lostMessages.test(error.message);
}

/** @returns whether the server said so itself, and the connection is as good as before */
export const isAnswer = (error: unknown): boolean =>
  isNativeError(error) && 'severity' in error && error.severity === 'ERROR';

// https://www.postgresql.org/docs/17/errcodes-appendix.html
const tooManyConnections = '53300';

const conflictCodes = new Set([
  '23505', // unique_violation: another one has inserted the key
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: after lock_timeout
]);

const lostCodes = new Set([
  '08000', // connection_exception
  '08001', // sqlclient_unable_to_establish_sqlconnection
  '08003', // connection_does_not_exist
  '08004', // sqlserver_rejected_establishment_of_sqlconnection
  '08006', // connection_failure
  '25P03', // idle_in_transaction_session_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  tooManyConnections,
]);

const transientCodes = new Set([
  '25006', // read_only_sql_transaction: managed servers are so while they fail over, or when their disk is full
  '53000', // insufficient_resources
  '53100', // disk_full
  '53200', // out_of_memory
  '53400', // configuration_limit_exceeded
  '57014', // query_canceled: after statement_timeout
  '58000', // system_error
  '58030', // io_error
]);

const transientNames = new Set([
  'TransactionConflictError',
  'UnknownOutcomeError',
  'AbortError',
  'TimeoutError',
]);

/** The client's own errors have no code. */
const lostMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded when trying to connect|Query read timeout)/;

function codeOf(error: unknown): string {
  const code: unknown = isNativeError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
