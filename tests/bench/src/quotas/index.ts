import type { Part, Table } from '../part.ts';
import { type Assumed, quotas as quotasOfAws, times } from './assumptions.ts';
import { type PartLimit, partLimits } from './limits.ts';

/** The tightest first. */
export interface QuotaFigures {
  readonly limits: readonly PartLimit[];
}

const rates = [10, 1000, 100_000] as const;

const count = (value: number): string => value.toLocaleString('en-US');

/** A SKU in every order is a sale of one product, not the usual day. */
const isUsual = ({ part }: PartLimit): boolean => !part.startsWith('one SKU');

function breakingAt(rate: number, limits: readonly PartLimit[]): string {
  const breaking = limits.filter((limit) => isUsual(limit) && limit.ordersPerSecond < rate);
  return breaking.map(({ part }) => part).join('; ') || 'nothing';
}

const tables = ({ limits }: QuotaFigures): readonly Table[] => [
  {
    title: 'What each part takes on AWS as `prod` is deployed',
    columns: ['part', 'orders/s', 'what to turn'],
    rows: limits.map(({ part, ordersPerSecond, turn }) => [part, count(ordersPerSecond), turn]),
  },
  {
    title: 'What breaks, the first first',
    columns: ['orders/s', 'parts that take less'],
    rows: rates.map((rate) => [count(rate), breakingAt(rate, limits)]),
  },
  {
    title: 'What is assumed of AWS',
    columns: ['what', 'value', 'source'],
    rows: [times, quotasOfAws]
      .flatMap((all): readonly Assumed[] => Object.values(all))
      .map(({ what, value, source }) => [what, count(value), source ?? 'an assumption']),
  },
];

/** What each part of the platform takes on AWS, by arithmetic on AWS's quotas and on what `prod` is deployed with. */
export const quotas: Part<QuotaFigures> = {
  measure: async () => ({ limits: partLimits() }),
  tables,
  targets: () => [],
};
