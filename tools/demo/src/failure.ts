/** The code of a system error (`ENOENT`). It checks the shape and not the class: errors may be of another realm. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** The message of an error and of its cause: `fetch` names the reason (ECONNREFUSED, ...) only in the cause. */
export const messageOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const cause = 'cause' in error && error.cause ? `: ${messageOf(error.cause)}` : '';
  const text = String(error.message) || (codeOf(error) ?? 'unknown error');
  return `${text}${cause}`;
};
