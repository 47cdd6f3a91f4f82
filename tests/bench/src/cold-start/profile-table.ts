import type { Table } from '../part.ts';
import type { ColdStartFigures, LayerFigures, ProfileFigures } from './figures.ts';
import { layers } from './layers.ts';

const nothing = { kb: 0, ms: 0 };

const sumOf = ({ layers }: ProfileFigures): Omit<LayerFigures, 'name'> =>
  layers.reduce((sum, { kb, ms }) => ({ kb: sum.kb + kb, ms: sum.ms + ms }), nothing);

/** Where the time of a cold start goes, ours beside what it is compared with. */
export function profileTable({ version, variants }: ColdStartFigures['profile']): Table {
  const totals = variants.map(sumOf);
  const cells = (figures: readonly Omit<LayerFigures, 'name'>[]) =>
    figures.flatMap(({ kb, ms }, index) => [
      kb === 0 ? '' : kb.toFixed(1),
      ms.toFixed(1),
      `${((100 * ms) / (totals[index]?.ms ?? 0)).toFixed(0)} %`,
    ]);
  const rows = layers.flatMap((layer) => {
    const found = variants.map(({ layers }) => layers.find(({ name }) => name === layer));
    if (found.every((each) => each === undefined)) return [];
    return [[layer, ...cells(found.map((each) => each ?? nothing))]];
  });
  return {
    title: `Where the processor time of load and first call goes under Node.js ${version}: means of ${variants[0]?.processes} profiled processes of each variant`,
    columns: ['layer', ...variants.flatMap(({ name }) => [`${name}: kB`, 'ms', 'share'])],
    rows: [...rows, ['all', ...cells(totals)]],
  };
}
