import type { Options } from './options.ts';
import type { Task } from './outcome.ts';

/** What a seed is run with. Where no level of faults is given, seeds with heavy faults and swarm seeds take turns. */
export function taskOf({ orders, faults, without, untilMs }: Options, seed: number): Task {
  return {
    ...{ seed, orders, faults: faults ?? (seed % 2 === 0 ? 'swarm' : 'heavy'), without },
    ...(untilMs !== undefined && { untilMs }),
  };
}
