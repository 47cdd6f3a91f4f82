import { DEFAULT_ORDERS } from './options.ts';
import type { Task } from './outcome.ts';

const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : `'${text}'`);

/** The command that runs a task again. */
export function commandLine(task: Task, ...more: readonly string[]): string {
  const { seed, orders, faults, without = [], untilMs } = task;
  const words = [
    ...['--seed', String(seed)],
    ...(orders === DEFAULT_ORDERS ? [] : ['--orders', String(orders)]),
    ...(faults === 'swarm' ? [] : ['--faults', faults]),
    ...without.flatMap((kind) => ['--without', kind]),
    ...(untilMs === undefined ? [] : ['--until', `${Math.ceil(untilMs / 60_000)}m`]),
  ];
  return ['npm run simulate --', ...words.map(quoted), ...more].join(' ');
}
