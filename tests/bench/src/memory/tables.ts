import type { Quartiles } from '@orderly/support/statistics';
import type { Table } from '../part.ts';
import type { FunctionFigures, MemoryFigures } from './figures.ts';
import { chosenSetting, coldPrice, shareOf, warmPrice } from './settings.ts';

const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });
const spread = ({ q1, median, q3 }: Quartiles): string => `${whole(median)} (${whole(q1)} to ${whole(q3)})`;
const usd = (value: number): string => value.toFixed(2);
const mb = (value: number): string => `${whole(value)} MB`;

function functionTable({ name, settings, memoryMb: today }: FunctionFigures): Table {
  return {
    title: `\`${name}\``,
    columns: [
      'memory',
      'of a core',
      'load ms',
      'load + first call ms',
      'warm call ms',
      'USD per million warm',
      'USD per million cold',
    ],
    rows: settings.map((setting) => {
      const { memoryMb, loadMs, firstMs, warmMs } = setting;
      return [
        memoryMb === today ? `**${mb(memoryMb)}**` : mb(memoryMb),
        shareOf(memoryMb).toFixed(2),
        whole(loadMs.median),
        spread(firstMs),
        spread(warmMs),
        usd(warmPrice(setting)),
        usd(coldPrice(setting)),
      ];
    }),
  };
}

/** What follows for each function. */
function settingTable({ functions, node, rounds }: MemoryFigures): Table {
  return {
    title: `Memory settings under Node.js ${node}, medians of ${rounds} fresh processes with each`,
    columns: [
      'function',
      'somebody waits',
      'memory set',
      'that follows',
      'load + first call ms',
      'warm call ms',
      'USD per million warm',
      'peak memory MiB',
    ],
    rows: functions.map((figures) => {
      const { name, isAwaited, peakMiB } = figures;
      const chosen = chosenSetting(figures);
      return [
        `\`${name}\``,
        isAwaited ? 'yes' : 'no',
        mb(figures.memoryMb),
        mb(chosen.memoryMb),
        whole(chosen.firstMs.median),
        whole(chosen.warmMs.median),
        usd(warmPrice(chosen)),
        whole(peakMiB),
      ];
    }),
  };
}

function accuracyTable({ accuracy }: MemoryFigures): Table {
  return {
    title: 'What a program that only computes has of its share of a core; 1 is all of it',
    columns: ['memory', ...accuracy.map(({ memoryMb }) => mb(memoryMb))],
    rows: [['had of its share', ...accuracy.map(({ ofShare }) => ofShare.toFixed(2))]],
  };
}

export const tables = (figures: MemoryFigures): readonly Table[] => [
  settingTable(figures),
  ...figures.functions.map(functionTable),
  accuracyTable(figures),
];
