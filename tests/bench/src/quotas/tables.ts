import type { Table } from '../part.ts';
import { type Assumed, quotas, times } from './assumptions.ts';
import type { PartLimit } from './limits.ts';

/** The tightest first. */
export interface QuotaFigures {
  readonly limits: readonly PartLimit[];
}

const rates = [10, 1000, 100_000] as const;

const count = (value: number): string => value.toLocaleString('en-US');

const limitTable = ({ limits }: QuotaFigures): Table => ({
  title: 'What each part takes on AWS as `prod` is deployed',
  columns: ['part', 'orders/s', 'what to turn'],
  rows: limits.map(({ part, ordersPerSecond, turn }) => [part, count(ordersPerSecond), turn]),
});

/** A SKU in every order is a sale of one product, not the usual day. */
const isUsual = ({ part }: PartLimit): boolean => !part.startsWith('one SKU');

const breakingTable = ({ limits }: QuotaFigures): Table => ({
  title: 'What breaks, the first first',
  columns: ['orders/s', 'parts that take less'],
  rows: rates.map((rate) => {
    const breaking = limits.filter((limit) => isUsual(limit) && limit.ordersPerSecond < rate);
    return [count(rate), breaking.map(({ part }) => part).join('; ') || 'nothing'];
  }),
});

function assumptionTable(): Table {
  const all: readonly Assumed[] = [...Object.values(times), ...Object.values(quotas)];
  return {
    title: 'What is assumed of AWS',
    columns: ['what', 'value', 'source'],
    rows: all.map(({ what, value, source }) => [what, count(value), source ?? 'an assumption']),
  };
}

export const tables = (figures: QuotaFigures): readonly Table[] => [
  limitTable(figures),
  breakingTable(figures),
  assumptionTable(),
];
