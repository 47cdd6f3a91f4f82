import type { TopLevelSpec } from 'vega-lite';
import type { MemoryFigures } from './figures.ts';
import { warmPrice } from './settings.ts';

const cold = 'load + first call, ms';
const warm = 'warm call, ms';
const price = 'USD per million warm calls';

/** What memory does to durations and prices, one line for each function. */
export const plots = ({ functions }: MemoryFigures): Readonly<Record<string, TopLevelSpec>> => {
  const values = functions.flatMap(({ name, settings }) =>
    settings.flatMap((setting) => [
      { name, memoryMb: setting.memoryMb, what: cold, value: setting.firstMs.median },
      { name, memoryMb: setting.memoryMb, what: warm, value: setting.warmMs.median },
      { name, memoryMb: setting.memoryMb, what: price, value: warmPrice(setting) },
    ]),
  );
  return {
    memory: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values },
      facet: { column: { field: 'what', type: 'nominal', title: null, sort: [cold, warm, price] } },
      resolve: { scale: { y: 'independent' } },
      spec: {
        width: 220,
        height: 180,
        mark: { type: 'line', point: true },
        encoding: {
          x: { field: 'memoryMb', type: 'ordinal', title: 'memory, MB', axis: { labelAngle: 0 } },
          // Deliveries take ten times as long as the others.
          y: { field: 'value', type: 'quantitative', title: null, scale: { type: 'log' } },
          color: {
            field: 'name',
            type: 'nominal',
            title: null,
            legend: { orient: 'bottom', columns: 3, labelLimit: 300 },
          },
        },
      },
    },
  };
};
