import { installedNode } from '@orderly/support/node-versions';
import { type Quartiles, quartiles, rounded } from '@orderly/support/statistics';
import type { Part } from '../part.ts';
import { type ContenderName, type RecordFigures, yardstickOf } from './contenders.ts';
import { type Effort, measureRounds, type Samples } from './rounds.ts';
import { tables, targets } from './tables.ts';

const whole: Effort = { generations: 5, rounds: 15, roundMs: 40, warmUpMs: 1_000, profileMs: 8_000 };
const quick: Effort = { generations: 1, rounds: 10, roundMs: 20, warmUpMs: 500, profileMs: 3_000 };

function figure(sample: readonly number[]): Quartiles {
  const { q1, median, q3 } = quartiles(sample);
  return { q1: rounded(q1, 2), median: rounded(median, 2), q3: rounded(q3, 2) };
}

function relativeTo(samples: Samples, yardstick: ContenderName, sample: readonly number[]): number {
  const other = samples.get(yardstick) ?? [];
  return rounded(quartiles(sample.map((value, round) => value / (other[round] ?? value))).median, 2);
}

/** What a record costs, consumed and published. */
export const records: Part<RecordFigures> = {
  measure: async (settings) => {
    const [node = installedNode] = settings.nodes.slice(-1);
    const { samples, profile } = await measureRounds(settings.quick ? quick : whole, node);
    const figures = [...samples].map(([name, sample]) => [name, figure(sample)]);
    // Every contender has a sample.
    const microseconds = Object.fromEntries(figures) as RecordFigures['microseconds'];
    const ratios = [...samples].map(([name, sample]) => [
      name,
      relativeTo(samples, yardstickOf(name), sample),
    ]);
    const relative = Object.fromEntries(ratios) as RecordFigures['relative'];
    return { node: node.version, microseconds, relative, profile };
  },
  tables,
  targets,
};
