import type { Task } from './outcome.ts';

/** A run that every test repeats, because of what it once found or where it leads. */
export interface FixedSeed {
  readonly task: Pick<Task, 'seed' | 'orders' | 'faults'>;
  readonly why: string;
  /** Kinds of faults and incidents without which it would not lead there any more. */
  readonly reaches: readonly string[];
}

export const FIXED_SEEDS: readonly FixedSeed[] = [];
