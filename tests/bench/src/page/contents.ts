import type { TopLevelSpec } from 'vega-lite';
import type { Part, Table, Target } from '../part.ts';
import { type PartName, parts } from '../parts.ts';
import type { Machine, Report } from '../report.ts';
import { markdown, targetTable } from '../table.ts';

/** What the page shows of one part. */
interface Shown {
  readonly name: PartName;
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  readonly plots: Readonly<Record<string, TopLevelSpec>>;
}

/** @throws Error when a part was not measured */
function shown({ results }: Report): readonly Shown[] {
  return (Object.keys(parts) as PartName[]).map((name) => {
    const part = parts[name] as Part<unknown>;
    const figures = results[name];
    if (figures === undefined)
      throw new Error(`The published figures are without ${name}: run the benchmark`);
    return {
      name,
      tables: part.tables(figures),
      targets: part.targets(figures),
      plots: part.plots?.(figures) ?? {},
    };
  });
}

function describe({ cores, memoryGiB, system, architecture, node }: Machine): string {
  return `${cores} cores (${architecture}), ${memoryGiB} GiB of memory, ${system}, Node.js ${node}.`;
}

/** What fills the blocks of the documents, by name. @throws Error when a part was not measured */
export function blockContents(report: Report): ReadonlyMap<string, string> {
  const all = shown(report);
  return new Map([
    ['machine', describe(report.machine)],
    ['targets', markdown(targetTable(all.flatMap(({ targets }) => targets)))],
    ...all.map(({ name, tables }) => [name, tables.map(markdown).join('\n\n')] as const),
  ]);
}

/** The plots of all parts, by name. @throws Error when a part was not measured */
export function plotSpecs(report: Report): ReadonlyMap<string, TopLevelSpec> {
  return new Map(shown(report).flatMap(({ plots }) => Object.entries(plots)));
}
