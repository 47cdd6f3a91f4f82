import type { Harm } from '@orderly/support/verdict';
import { findingsOf, isGood, type Run } from './outcome.ts';

/** What some runs come to together. */
export interface Totals {
  readonly seeds: number;
  readonly orders: number;
  readonly events: number;
  readonly mails: number;
  readonly duplicateMails: number;
  readonly redriven: number;
  readonly steps: number;
  readonly virtualMs: number;
  /** Of all processes together. */
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly harms: Readonly<Record<Harm, number>>;
  /** Runs in which the simulation itself broke. */
  readonly broken: number;
  readonly failing: readonly Run[];
}

const NO_HARM: Record<Harm, number> = {
  ...{ lost: 0, doubled: 0, oversold: 0, inconsistent: 0 },
  ...{ 'out of order': 0, untried: 0, late: 0 },
};

const resultsOf = (runs: readonly Run[]) =>
  runs.flatMap(({ outcome }) => (outcome.outcome === 'judged' ? [outcome.result] : []));

export function totalsOf(runs: readonly Run[]): Totals {
  const results = resultsOf(runs);
  const sum = <T>(list: readonly T[], of: (each: T) => number): number =>
    list.reduce((total, each) => total + of(each), 0);
  const faults = new Map<string, number>();
  for (const result of results)
    for (const [kind, count] of Object.entries(result.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + count);
  const harms = { ...NO_HARM };
  for (const { harm } of runs.flatMap(findingsOf)) harms[harm]++;
  return {
    seeds: runs.length,
    orders: sum(results, ({ orders }) => orders),
    events: sum(results, ({ events }) => events),
    mails: sum(results, ({ mails }) => mails),
    duplicateMails: sum(results, ({ duplicateMails }) => duplicateMails),
    redriven: sum(results, ({ redriven }) => redriven),
    steps: sum(results, ({ steps }) => steps),
    virtualMs: sum(results, ({ virtualMs }) => virtualMs),
    seconds: sum(runs, ({ outcome }) => outcome.seconds),
    faults: Object.fromEntries([...faults].sort(([, one], [, other]) => other - one)),
    harms,
    broken: runs.length - results.length,
    failing: runs.filter((run) => !isGood(run)),
  };
}
