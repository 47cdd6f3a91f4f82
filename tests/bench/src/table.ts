import type { Table, Target } from './part.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table as Markdown, its title above it. */
export function markdown({ title, columns, rows }: Table): string {
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'));
  return [`**${title}**`, '', row(columns), row(rule), ...rows.map(row)].join('\n');
}

/** Targets as a table. */
export function targetTable(targets: readonly Target[]): Table {
  const rows = targets.map(({ what, limit, measured, met }) => [
    what,
    limit,
    measured,
    met ? 'met' : 'missed',
  ]);
  return { title: 'Targets', columns: ['what', 'target', 'measured', ''], rows };
}
