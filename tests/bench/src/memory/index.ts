import { installedNode } from '@orderly/support/node-versions';
import type { Part } from '../part.ts';
import type { MemoryFigures } from './figures.ts';
import { type Effort, measure } from './measure.ts';
import { plots } from './plots.ts';
import { quickSizes, sizes } from './settings.ts';
import { tables } from './tables.ts';

const whole: Effort = { sizes, rounds: 5 };
const quick: Effort = { sizes: quickSizes, rounds: 1 };

/** What a function's memory makes of its durations and its price, with the share of a core that AWS gives it. */
export const memory: Part<MemoryFigures> = {
  measure: async (settings) => {
    const [node = installedNode] = settings.nodes.slice(-1);
    return measure(settings.quick ? quick : whole, node);
  },
  tables,
  targets: () => [],
  plots,
};
