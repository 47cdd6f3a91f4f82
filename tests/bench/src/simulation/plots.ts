import type { TopLevelSpec } from 'vega-lite';
import type { SimulationFigures } from './figures.ts';

const common = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  width: 480,
  height: 240,
} as const;

/** Below this a logarithmic axis has no place for it. */
const LEAST_SECONDS = 0.01;

const rateOf = (ordersPerSecond: number): string => `${ordersPerSecond.toLocaleString('en-US')} orders/s`;

/** In the order of their numbers, not of their names. */
const rates = [10, 1_000, 100_000].map(rateOf);

const queueAge = ({ predictions }: SimulationFigures): TopLevelSpec => ({
  ...common,
  data: {
    values: predictions.flatMap(({ ordersPerSecond, scenario, samples }) =>
      samples.map(({ second, queueAge: ages, iteratorAge }) => ({
        rate: rateOf(ordersPerSecond),
        scenario,
        second,
        age: Math.max(...Object.values(ages), ...Object.values(iteratorAge)),
      })),
    ),
  },
  layer: [
    {
      mark: 'line',
      encoding: { strokeDash: { field: 'scenario', type: 'nominal', title: null, sort: null } },
    },
    {
      mark: { type: 'point', filled: true, size: 60 },
      encoding: { shape: { field: 'scenario', type: 'nominal', title: null, sort: null } },
    },
  ],
  encoding: {
    x: { field: 'second', type: 'quantitative', title: 'seconds since the first order' },
    y: { field: 'age', type: 'quantitative', title: 'oldest message or record, seconds' },
    color: { field: 'rate', type: 'nominal', title: null, sort: rates },
  },
});

const timeToConfirmation = ({ predictions }: SimulationFigures): TopLevelSpec => ({
  ...common,
  data: {
    values: predictions.flatMap(({ ordersPerSecond, scenario, confirmedMs }) =>
      Object.entries(confirmedMs ?? {}).map(([share, ms]) => ({
        rate: rateOf(ordersPerSecond),
        scenario,
        share,
        seconds: Math.max(LEAST_SECONDS, ms / 1000),
      })),
    ),
  },
  mark: { type: 'point', filled: true, size: 80 },
  encoding: {
    x: { field: 'seconds', type: 'quantitative', title: 'seconds to confirmation', scale: { type: 'log' } },
    y: { field: 'scenario', type: 'nominal', title: null, sort: null },
    row: { field: 'rate', type: 'nominal', title: null, sort: rates },
    color: { field: 'share', type: 'nominal', title: 'of the orders' },
    shape: { field: 'share', type: 'nominal', title: 'of the orders' },
  },
  height: 80,
});

const localCheck = ({ local }: SimulationFigures): TopLevelSpec => ({
  ...common,
  data: {
    values: local
      .filter(({ calibrated }) => !calibrated)
      .map(({ clients, what, measured, predicted }) => ({
        what,
        clients: `${clients} clients`,
        ratio: predicted / measured,
      })),
  },
  mark: { type: 'point', filled: true, size: 80 },
  encoding: {
    x: { field: 'ratio', type: 'quantitative', title: 'simulated / measured', scale: { zero: true } },
    y: { field: 'what', type: 'nominal', title: null },
    color: { field: 'clients', type: 'nominal', title: null, sort: null },
    shape: { field: 'clients', type: 'nominal', title: null, sort: null },
  },
});

/** Plots of the simulation, by the name of their file. */
export const plots = (figures: SimulationFigures): Readonly<Record<string, TopLevelSpec>> => ({
  'queue-age': queueAge(figures),
  'time-to-confirmation': timeToConfirmation(figures),
  'local-check': localCheck(figures),
});
