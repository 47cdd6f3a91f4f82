/**
 * The code of a system error (`ENOENT`, `ECONNREFUSED`), if it has one. By shape, not by class: an error may come
 * from another realm.
 */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** What went wrong, with its cause: `fetch` tells what happened (ECONNREFUSED, ...) only there. */
export const messageOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const cause = 'cause' in error && error.cause ? `: ${messageOf(error.cause)}` : '';
  const text = String(error.message) || (codeOf(error) ?? 'unknown error');
  return `${text}${cause}`;
};
