/** Which rows of a long list are drawn: those in sight and some around them. */
export interface Window {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Pixels of the rows that are not drawn above and below. */
  readonly before: number;
  readonly after: number;
}

const AROUND = 8;

export const windowOf = (rows: number, rowHeight: number, scrolled: number, height: number): Window => {
  const inSight = Math.ceil(height / rowHeight);
  const top = Math.min(Math.max(0, Math.floor(scrolled / rowHeight)), Math.max(0, rows - inSight));
  const first = Math.max(0, top - AROUND);
  const end = Math.min(rows, top + inSight + AROUND);
  return { first, end, before: first * rowHeight, after: (rows - end) * rowHeight };
};
