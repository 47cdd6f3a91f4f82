import Table from 'cli-table3';
import { createProgress, type Progress } from './progress.ts';

/** Where a program writes: results to stdout, notes and progress to stderr. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether stderr is a terminal. */
  readonly interactive: boolean;
}

export interface Output {
  /** Prints the result: `value` as JSON with `--json`, else the text. */
  result(value: unknown, forPeople: string): void;
  /** Prints a line on stderr. */
  note(line: string): void;
  /** A bar on stderr; none with `--json`, and none without a terminal. */
  progress(what: string, total: number): Progress;
}

export function createOutput({ out, err, interactive }: Streams, json: boolean): Output {
  return {
    result: (value, forPeople) => out(`${json ? JSON.stringify(value, null, 2) : forPeople}\n`),
    note: (line) => err(`${line}\n`),
    progress: (what, total) => createProgress(what, total, interactive && !json),
  };
}

/** Rows under a head, without lines between them. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const borderless = Object.fromEntries(
  ['top', 'bottom']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle')
    .map((name) => [name, '']),
);
