import * as v from 'valibot';
import type { Page } from '../table/table.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type HttpAnswer, ok } from './handler.ts';
import { invalid, type Problem } from './problem.ts';

/** The query fields of every paged list: `limit`, 1 to 100 (20 where none is given), and `cursor`. */
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
 * Answers one page of a list as every list is answered: `{ items, nextCursor }`, the latter absent on the last.
 *
 * @param list what is listed; a cursor of another list is refused
 * @param read reads the page that begins after a position
 * @throws Problem 400 for a cursor that was changed, cut, or is of another list
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
    // A position that fits no key of the table can only come from a forged cursor.
    if (after !== undefined && error instanceof Error && error.name === 'ValidationException')
      throw notACursor();
    throw error;
  }
}

type Position = Readonly<Record<string, string>>;

function notACursor(): Problem {
  return invalid([{ path: '/query/cursor', message: 'Not a cursor of this list; begin without one' }]);
}
