import type { Finding } from '@orderly/support/verdict';
import type { SimulationOptions, SimulationResult } from './simulation.ts';

/** One seed to run. */
export interface Task
  extends Pick<SimulationOptions, 'seed' | 'orders' | 'faults' | 'without' | 'untilMs' | 'stopAt'> {
  /** The file that gets the whole history. */
  readonly history?: string;
  /** Every container has its own copy of the packages: slow, and the history must be the same. */
  readonly isolated?: boolean;
  /** The name of a mistake that is made in the sources on purpose. */
  readonly defect?: string;
}

/** What became of a task. */
export type Outcome =
  | { readonly outcome: 'judged'; readonly seconds: number; readonly result: SimulationResult }
  /** The simulation itself threw, hung or died. */
  | { readonly outcome: 'broken'; readonly seconds: number; readonly step: number; readonly error: string };

export interface Run {
  readonly task: Task;
  readonly outcome: Outcome;
}

export const findingsOf = ({ outcome }: Run): readonly Finding[] =>
  outcome.outcome === 'judged' ? outcome.result.findings : [];

/** Everything that is wrong with a run, in a sentence each; nothing when it is good. */
export const problemsOf = (run: Run): readonly string[] =>
  run.outcome.outcome === 'judged'
    ? findingsOf(run).map(({ harm, text }) => `${harm}: ${text}`)
    : [`The simulation broke at step ${run.outcome.step}: ${run.outcome.error}`];

export const isGood = (run: Run): boolean => problemsOf(run).length === 0;
