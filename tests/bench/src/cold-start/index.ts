import type { Part, Table, Target } from '../part.ts';
import type { ColdStartFigures, NodeFigures, VariantFigures } from './figures.ts';
import { type Effort, measure } from './measure.ts';
import { plots } from './plots.ts';
import { profileTable } from './profile-table.ts';
import { bareAsOurs, fullPowertools, ours, reference } from './variants.ts';

const whole: Effort = { rounds: 21, profiled: 15 };
const quick: Effort = { rounds: 7, profiled: 3 };

const named = ({ variants }: NodeFigures, name: string): VariantFigures => {
  const found = variants.find((variant) => variant.name === name);
  if (found === undefined) throw new Error(`The figures are without ${name}`);
  return found;
};

const ratio = (value: number, to: number): string => (value / to).toFixed(2);

function table(figures: NodeFigures): Table {
  const ref = named(figures, reference);
  return {
    title: `Cold start under Node.js ${figures.version}: medians of ${figures.rounds} fresh processes, quartiles in brackets`,
    columns: [
      'variant',
      'zip kB',
      'load ms',
      'load / ref',
      'load + first call ms',
      '/ ref',
      'peak memory MiB',
    ],
    rows: figures.variants.map(({ name, zipKb, loadMs, firstMs, memoryMiB }) => [
      name === ours ? `**${name}**` : name,
      zipKb.toLocaleString('en'),
      `${loadMs.median.toFixed(1)} (${loadMs.q1.toFixed(1)} to ${loadMs.q3.toFixed(1)})`,
      ratio(loadMs.median, ref.loadMs.median),
      `${firstMs.median.toFixed(1)} (${firstMs.q1.toFixed(1)} to ${firstMs.q3.toFixed(1)})`,
      ratio(firstMs.median, ref.firstMs.median),
      memoryMiB.median.toFixed(0),
    ]),
  };
}

function targets(figures: NodeFigures): readonly Target[] {
  const our = named(figures, ours);
  const ref = named(figures, reference);
  const bare = named(figures, bareAsOurs);
  const full = named(figures, fullPowertools);
  const target = (what: string, limit: number, value: number, of: number): Target => ({
    what: `Cold start, Node.js ${figures.version.split('.')[0]}: ${what}`,
    limit: `<= ${limit}`,
    measured: ratio(value, of),
    met: Number(ratio(value, of)) <= limit,
  });
  return [
    target('load / bare SDK, bundled as ours', 1.1, our.loadMs.median, bare.loadMs.median),
    target('load + first call / bare SDK, bundled as ours', 1.1, our.firstMs.median, bare.firstMs.median),
    target('load / ref', 0.9, our.loadMs.median, ref.loadMs.median),
    target('load + first call / ref', 0.8, our.firstMs.median, ref.firstMs.median),
    target('load / Powertools', 0.5, our.loadMs.median, full.loadMs.median),
    target('load + first call / Powertools', 0.5, our.firstMs.median, full.firstMs.median),
  ];
}

/** Our packaged functions against the same job on other stacks. */
export const coldStart: Part<ColdStartFigures> = {
  measure: async (settings) => measure(settings.nodes, settings.quick ? quick : whole),
  tables: ({ nodes, profile }) => [...nodes.map(table), profileTable(profile)],
  targets: ({ nodes }) => nodes.flatMap(targets),
  plots,
};
