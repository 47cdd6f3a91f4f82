import { commandLine } from './command-line.ts';
import { KINDS, type Options } from './options.ts';
import { findingsOf, isGood, type Run, type Task } from './outcome.ts';
import type { Pool } from './pool.ts';
import { taskOf } from './task.ts';
import type { FaultLevel } from './world/faults.ts';

/** A run that fails, and what came in it that could be left out. */
export interface Failing {
  readonly orders: number;
  readonly faults: FaultLevel;
  readonly without: readonly string[];
  /** Kinds of faults and incidents that came in it. */
  readonly kinds: readonly string[];
}

type Smaller = Omit<Failing, 'kinds'>;

/** Runs it. @returns undefined when it holds, or else what came in it */
export type Attempt = (smaller: Smaller) => Promise<Pick<Failing, 'kinds'> | undefined>;

/**
 * Looks for a smaller run that fails: halves the orders, then leaves out all faults, or one kind after
 * the other, until nothing helps.
 */
export async function shrink(failing: Failing, attempt: Attempt): Promise<Failing> {
  for (let best = failing; ; ) {
    const smaller = await fewerKinds(await fewerOrders(best, attempt), attempt);
    if (smaller === best) return best;
    best = smaller;
  }
}

async function fewerOrders(failing: Failing, attempt: Attempt): Promise<Failing> {
  let best = failing;
  while (best.orders > 1) {
    const smaller = await tried({ ...best, orders: Math.floor(best.orders / 2) }, attempt);
    if (smaller === undefined) return best;
    best = smaller;
  }
  return best;
}

async function fewerKinds(failing: Failing, attempt: Attempt): Promise<Failing> {
  if (failing.kinds.length === 0) return failing;
  const calm = await tried({ ...failing, faults: 'none', without: [] }, attempt);
  if (calm) return calm;
  let best = failing;
  for (const kind of failing.kinds) {
    if (!best.kinds.includes(kind)) continue;
    best = (await tried({ ...best, without: [...best.without, kind] }, attempt)) ?? best;
  }
  return best;
}

async function tried(smaller: Smaller, attempt: Attempt): Promise<Failing | undefined> {
  const { orders, faults, without } = smaller;
  const fails = await attempt({ orders, faults, without });
  if (fails === undefined) return undefined;
  // Incidents bring faults of a kind that is left out, e.g. when SES takes no mail. Without any, nothing can be left out.
  const kinds = fails.kinds.filter((kind) => faults !== 'none' && !without.includes(kind));
  return { orders, faults, without, kinds };
}

/** Kinds that came in a run and can be left out. */
function kindsIn({ outcome }: Run): readonly string[] {
  // Of a run that broke nobody knows what came.
  if (outcome.outcome === 'broken') return KINDS;
  return Object.keys(outcome.result.faults).filter((kind) => KINDS.includes(kind));
}

/** Whether a run fails in the way of another: with a finding of the same harm, or by breaking the simulation. */
function failsAlike(first: Run): (run: Run) => boolean {
  const harms = new Set(findingsOf(first).map(({ harm }) => harm));
  return (run) =>
    first.outcome.outcome === run.outcome.outcome &&
    (run.outcome.outcome === 'broken' || findingsOf(run).some(({ harm }) => harms.has(harm)));
}

/** Looks for a smaller run of a seed that fails. @returns the smallest; the run itself when it holds */
export async function shrinkSeed(
  options: Options,
  pool: Pool,
  say: (line: string) => void,
): Promise<readonly Run[]> {
  const task = taskOf(options, options.seed);
  const first = await pool.run(task);
  if (first === undefined || isGood(first)) return first ? [first] : [];
  const alike = failsAlike(first);
  let smallest = first;
  const attempt = async (smaller: Smaller) => {
    const next: Task = { ...task, ...smaller };
    const run = await pool.run(next);
    const fails = run !== undefined && alike(run);
    if (run) say(`${fails ? 'fails' : 'holds'}  ${commandLine(next)}`);
    if (!fails) return undefined;
    smallest = run;
    return { kinds: kindsIn(run) };
  };
  const { orders, faults, without = [] } = task;
  await shrink({ orders, faults, without, kinds: faults === 'none' ? [] : kindsIn(first) }, attempt);
  process.stdout.write(`The smallest run that fails:\n  ${commandLine(smallest.task)}\n\n`);
  return [smallest];
}
