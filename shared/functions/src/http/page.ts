import * as v from 'valibot';
import type { Page } from '../table/page.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type HttpAnswer, ok } from './handler.ts';
import { invalid, type Problem } from './problem.ts';

/** The query fields of every paged list: `limit`, 1 to 100 (default 20), and `cursor`. */
export const pageFields = {
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^([1-9]\d?|100)$/, 'A limit is a whole number from 1 to 100'),
      v.transform(Number),
    ),
    '20',
  ),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(1024, 'A cursor is at most 1024 characters long'))),
};

/**
 * Answers one page of a list: `{ items, nextCursor }`, without `nextCursor` on the last one.
 *
 * @param list identifies the list, e.g. by the customer's id; a cursor of another list is refused
 * @param read reads the page after a position
 * @throws Problem 400 for a cursor that was changed, truncated, or belongs to another list
 */
export async function answerPage(
  list: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  read: (limit: number, after: Position | undefined) => Promise<Page<unknown>>,
): Promise<HttpAnswer> {
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
  if (cursor !== undefined && after === undefined) throw notACursor();
  try {
    const { items, next } = await read(limit, after);
    return ok({ items, ...(next && { nextCursor: encodeCursor(list, next) }) });
  } catch (error) {
    // Only a forged cursor has a position that is no key of the table.
    if (after !== undefined && error instanceof Error && error.name === 'ValidationException')
      throw notACursor();
    throw error;
  }
}

type Position = Readonly<Record<string, string>>;

function notACursor(): Problem {
  return invalid([{ path: '/query/cursor', message: 'Not a cursor of this list; begin without one' }]);
}
