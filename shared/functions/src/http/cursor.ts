import { createHash } from 'node:crypto';

/**
 * Makes an opaque cursor of a paged list, bound to its query.
 *
 * The binding is a plain hash: it detects a truncated cursor and one of another list, but anybody can compute it. A
 * forged cursor stays within its query, because the partition is always that of the query, never of the cursor.
 *
 * @param query identifies the list, e.g. the customer's id; `decodeCursor` refuses a cursor of another query
 */
export function encodeCursor(query: string, position: Readonly<Record<string, string>>): string {
  const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${payload}.${binding(query, payload)}`;
}

/** @returns the position, or `undefined` for a cursor that was changed, truncated, or belongs to another query */
export function decodeCursor(query: string, cursor: string): Readonly<Record<string, string>> | undefined {
  const [payload = '', bound = '', ...rest] = cursor.split('.');
  if (rest.length > 0 || bound !== binding(query, payload)) return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return isPosition(position) ? position : undefined;
  } catch {
    return undefined;
  }
}

function binding(query: string, payload: string): string {
  return createHash('sha256').update(`${query}\0${payload}`).digest('base64url').slice(0, 16);
}

function isPosition(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((part) => typeof part === 'string')
  );
}
