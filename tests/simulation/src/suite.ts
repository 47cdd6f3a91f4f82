import type { FixedSeed } from './fixed-seeds.ts';
import type { Run, Task } from './outcome.ts';

/** The same seeds every time: new ones are for the night. */
const SWARM = { seeds: 20, orders: 150 };
/** It runs twice, once with nothing that containers share, and has one history. */
const TWICE: Task = { seed: 3, orders: 60, faults: 'swarm' };

/** Everything that `npm run test:simulation` runs. The longest runs come first, so that no core waits for one at the end. */
export const suiteTasks = (fixed: readonly FixedSeed[]): readonly Task[] => [
  ...fixed.map(({ task }) => task),
  ...Array.from(
    { length: SWARM.seeds },
    (_, n): Task => ({
      ...{ seed: n + 1, orders: SWARM.orders, faults: 'swarm' },
    }),
  ),
  TWICE,
  { ...TWICE, isolated: true },
];

const isSame = (one: Task, other: Task): boolean =>
  one.seed === other.seed && one.orders === other.orders && one.faults === other.faults;

/** What is wrong with the runs together, one sentence each; what is wrong with one of them, that says itself. */
export const suiteProblems = (runs: readonly Run[], fixed: readonly FixedSeed[]): readonly string[] => [
  ...fixed.flatMap((each) => unreached(each, runs)),
  ...twoHistories(runs),
];

/** A seed that does not lead there any more tests nothing: another one has to take its place. */
function unreached({ task, why, reaches }: FixedSeed, runs: readonly Run[]): readonly string[] {
  const outcome = runs.find((run) => isSame(run.task, task))?.outcome;
  const faults = outcome?.outcome === 'judged' ? outcome.result.faults : {};
  const missing = reaches.filter((kind) => !((faults[kind] ?? 0) > 0));
  if (missing.length === 0) return [];
  return [
    `Seed ${task.seed} with ${task.orders} orders (${why}) does not reach ${missing.join(', ')} any more: choose another`,
  ];
}

function twoHistories(runs: readonly Run[]): readonly string[] {
  const hashes = new Set(
    runs.flatMap(({ task, outcome }) =>
      isSame(task, TWICE) && outcome.outcome === 'judged' ? [outcome.result.hash] : [],
    ),
  );
  if (hashes.size < 2) return [];
  return [`Seed ${TWICE.seed} has ${hashes.size} histories, and must have one: ${[...hashes].join(', ')}`];
}
