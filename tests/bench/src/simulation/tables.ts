import type { Table, Target } from '../part.ts';
import { type Assumed, fixedShare, quotas, times } from './assumptions.ts';
import { bottlenecks } from './bottlenecks.ts';
import type { SimulationFigures } from './figures.ts';
import { deviation, type LocalCheck } from './local-check.ts';
import type { Prediction } from './predict.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (share: number): string => `${share > 0 ? '+' : ''}${Math.round(100 * share)} %`;
const seconds = (ms: number | undefined): string => (ms === undefined ? 'none' : (ms / 1000).toFixed(2));
const oldest = (ages: Readonly<Record<string, number>> = {}): string =>
  Math.max(0, ...Object.values(ages)).toFixed(1);

function localTable(local: readonly LocalCheck[]): Table {
  return {
    title: 'The local platform, measured and simulated',
    columns: ['clients', 'what', 'measured', 'simulated', 'off by'],
    rows: local.map((check) => [
      String(check.clients),
      check.what,
      String(check.measured),
      String(check.predicted),
      check.calibrated ? 'calibrated' : percent(deviation(check)),
    ]),
  };
}

const limitTable = ({ limits }: SimulationFigures): Table => ({
  title: 'What each part takes on AWS as `prod` is deployed, by arithmetic',
  columns: ['part', 'orders/s', 'what to turn'],
  rows: limits.map(({ part, ordersPerSecond, turn }) => [part, count(ordersPerSecond), turn]),
});

const nameOf = ({ ordersPerSecond, scenario }: Prediction): string =>
  `${count(ordersPerSecond)}/s ${scenario}`;

function predictionTable(predictions: readonly Prediction[]): Table {
  return {
    title: `Simulated on AWS: ${predictions[0]?.seconds} s from the first order on, seconds`,
    columns: [
      'orders',
      'cells',
      'accepted/s',
      'confirmed/s',
      'p50',
      'p95',
      'p99',
      'oldest in a queue',
      'iterator age',
      'what does not keep up',
    ],
    rows: predictions.map((prediction) => {
      const { cells, counts, confirmedMs, samples } = prediction;
      const each = (orders: number): string => count((cells * orders) / prediction.seconds);
      return [
        nameOf(prediction),
        String(cells),
        each(counts.accepted),
        each(counts.confirmed),
        seconds(confirmedMs?.p50),
        seconds(confirmedMs?.p95),
        seconds(confirmedMs?.p99),
        oldest(samples.at(-1)?.queueAge),
        oldest(samples.at(-1)?.iteratorAge),
        bottlenecks(prediction).join('; ') || 'nothing',
      ];
    }),
  };
}

function concurrencyTable(predictions: readonly Prediction[]): Table {
  const functions = Object.keys(predictions[0]?.concurrency ?? {});
  return {
    title: 'Executions at once in a cell, at most',
    columns: ['orders', ...functions],
    rows: predictions.map((prediction) => [
      nameOf(prediction),
      ...functions.map((name) => count(prediction.concurrency[name] ?? 0)),
    ]),
  };
}

function assumptionTable(): Table {
  const all: readonly Assumed[] = [...Object.values(times), fixedShare, ...Object.values(quotas)];
  return {
    title: 'What is assumed of AWS',
    columns: ['what', 'value', 'source'],
    rows: all.map(({ what, value, source }) => [
      what,
      value.toLocaleString('en-US'),
      source ?? 'an assumption',
    ]),
  };
}

export const tables = (figures: SimulationFigures): readonly Table[] => [
  localTable(figures.local),
  limitTable(figures),
  predictionTable(figures.predictions),
  concurrencyTable(figures.predictions),
  assumptionTable(),
];

/** A simulation that does not come as near as this says nothing about other rates. */
const MOST_OFF = 0.25;

export const targets = ({ local }: SimulationFigures): readonly Target[] =>
  local
    .filter(({ calibrated }) => !calibrated)
    .map((check) => ({
      what: `simulated locally, ${check.clients} clients, ${check.what}`,
      limit: `within ${100 * MOST_OFF} %`,
      measured: percent(deviation(check)),
      met: Math.abs(deviation(check)) <= MOST_OFF,
    }));
