import type { TopLevelSpec } from 'vega-lite';
import type { ColdStartFigures } from './figures.ts';

/** Load and first call of every variant, with the middle half of the runs. */
export const plots = ({ nodes }: ColdStartFigures): Readonly<Record<string, TopLevelSpec>> => {
  const values = nodes.flatMap(({ version, variants }) =>
    variants.flatMap(({ name, loadMs, firstMs }) => [
      { node: `Node.js ${version}`, name, what: 'load', ...loadMs },
      { node: `Node.js ${version}`, name, what: 'load + first call', ...firstMs },
    ]),
  );
  const y = { field: 'name', type: 'nominal', title: null, sort: null, axis: { labelLimit: 500 } } as const;
  const color = { field: 'what', type: 'nominal', title: null } as const;
  return {
    'cold-start': {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values },
      facet: { row: { field: 'node', type: 'nominal', title: null } },
      spec: {
        width: 420,
        layer: [
          {
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: {
              x: { field: 'q1', type: 'quantitative', title: 'ms' },
              x2: { field: 'q3' },
              y,
              color,
            },
          },
          {
            mark: { type: 'point', filled: true, size: 60 },
            encoding: { x: { field: 'median', type: 'quantitative' }, y, color },
          },
        ],
      },
    },
  };
};
