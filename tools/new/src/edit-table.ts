/** Adds to the tables of a service's README. A table that is not there is left alone: the README is for people. */

const cellsOf = (row: string): readonly string[] => row.split('|').slice(1, -1);

/** Adds a word to a cell of the row that begins with `first`. @param cell counts from 0 */
export function addToRow(text: string, first: string, cell: number, word: string): string {
  return text
    .split('\n')
    .map((row) => {
      const cells = cellsOf(row);
      if (cells[0]?.trim() !== first || cells[cell] === undefined) return row;
      const filled = cells.map((content, index) =>
        index === cell ? ` ${content.trim()} ${word} ` : content,
      );
      return `|${filled.join('|')}|`;
    })
    .join('\n');
}

/** Adds a row behind the last one of the table whose header row is `header`. */
export function addRow(text: string, header: string, row: string): string {
  const lines = text.split('\n');
  const begin = lines.indexOf(header);
  if (begin === -1) return text;
  const length = lines.slice(begin).findIndex((line) => !line.startsWith('|'));
  const end = length === -1 ? lines.length : begin + length;
  return lines.toSpliced(end, 0, row).join('\n');
}
