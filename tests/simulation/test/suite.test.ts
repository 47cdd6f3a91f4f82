import { FIXED_SEEDS, type FixedSeed } from '../src/fixed-seeds.ts';
import { KINDS } from '../src/options.ts';
import type { Run, Task } from '../src/outcome.ts';
import type { SimulationResult } from '../src/simulation.ts';
import { suiteProblems, suiteTasks } from '../src/suite.ts';
import { aResult } from './a-result.ts';

const judged = (task: Task, more: Partial<SimulationResult> = {}): Run => ({
  task,
  outcome: { outcome: 'judged', seconds: 1, result: aResult(more) },
});

const FIXED: FixedSeed = {
  task: { seed: 41, orders: 80, faults: 'heavy' },
  why: 'a shard splits',
  reaches: ['shards split'],
};
const allOf = (more: Partial<SimulationResult>): readonly Run[] =>
  suiteTasks([FIXED]).map((task) => judged(task, more));
const SPLIT = { faults: { 'shards split': 1 } };

it('the suite runs the fixed seeds, twenty swarm seeds, and one seed twice', () => {
  const tasks = suiteTasks([FIXED]).map(({ seed, orders, faults }) => `${faults} ${orders} ${seed}`);
  expect(tasks).toHaveLength(1 + 20 + 2);
  expect(new Set(tasks).size).toBe(1 + 20 + 1);
});

it('a suite in which every seed does its part has no problem', () => {
  expect(suiteProblems(allOf(SPLIT), [FIXED])).toEqual([]);
});

it('a fixed seed that does not reach its place any more is named', () => {
  expect(suiteProblems(allOf({ faults: { 'shards split': 0 } }), [FIXED])).toEqual([
    'Seed 41 with 80 orders (a shard splits) does not reach shards split any more: choose another',
  ]);
  expect(suiteProblems([], [FIXED])).toHaveLength(1);
});

it('a seed with two histories is named', () => {
  const [first, ...others] = allOf(SPLIT).toReversed();
  if (first === undefined) throw new Error('The suite is empty');
  expect(suiteProblems([judged(first.task, { ...SPLIT, hash: 'beef' }), ...others], [FIXED])).toEqual([
    'Seed 3 has 2 histories, and must have one: beef, f00d',
  ]);
});

it('each fixed seed is there once, and every kind that it reaches exists', () => {
  const seeds = FIXED_SEEDS.map(({ task }) => JSON.stringify(task));
  expect(new Set(seeds).size).toBe(seeds.length);
  for (const { reaches } of FIXED_SEEDS) expect(KINDS).toEqual(expect.arrayContaining([...reaches]));
});
