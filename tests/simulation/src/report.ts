import { availableParallelism } from 'node:os';
import { commandLine } from './command-line.ts';
import { problemsOf, type Run } from './outcome.ts';
import { virtualTime } from './time.ts';
import { type Totals, totalsOf } from './totals.ts';

/** How many findings of a run are spelt out. */
const SHOWN = 25;
/** How many failing seeds are spelt out. */
const SEEDS_SHOWN = 10;

type Row = readonly [name: string, value: string];

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });

/** Two columns, the second one on the right. */
function columns(title: string, rows: readonly Row[]): string {
  const [left, right] = [0, 1].map((at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = rows.map(([name, value]) => `  ${name.padEnd(left ?? 0)}  ${value.padStart(right ?? 0)}`);
  return [title, ...lines].join('\n');
}

function figures(totals: Totals): Row[] {
  const { orders, events, mails, duplicateMails, redriven, steps, virtualMs, harms, broken } = totals;
  const lanes = Math.min(availableParallelism(), totals.seeds);
  return [
    ['orders', number(orders)],
    ['events', number(events)],
    ['mails', number(mails)],
    ['of them duplicates (same Message-ID)', number(duplicateMails)],
    ['dead letters redriven', number(redriven)],
    ['virtual time', virtualTime(virtualMs)],
    ['steps', number(steps)],
    ['seconds of all processes', number(totals.seconds)],
    [`orders per second, ${lanes} at a time`, number((orders / totals.seconds) * lanes)],
    ['lost or untried', number(harms.lost + harms.untried)],
    ['doubled', number(harms.doubled)],
    ['oversold', number(harms.oversold)],
    ['inconsistent or out of order', number(harms.inconsistent + harms['out of order'])],
    ...(broken > 0 ? [['simulation broke', number(broken)] as const] : []),
  ];
}

function hashes(runs: readonly Run[]): string[] {
  const [run, ...others] = runs;
  if (run?.outcome.outcome !== 'judged' || others.length > 0) return [];
  return [`SHA-256 of the history: ${run.outcome.result.hash}`];
}

/** What is wrong with a run, and how to look into it. */
export function failure(run: Run): string {
  const { task } = run;
  const problems = problemsOf(run);
  const more = problems.length > SHOWN ? [`... and ${problems.length - SHOWN} more`] : [];
  return [
    `Seed ${task.seed} failed:`,
    ...problems.slice(0, SHOWN).map((problem) => `  ${problem}`),
    ...more.map((text) => `  ${text}`),
    `  What led to it:     ${commandLine(task, '--explain')}`,
    `  A smaller failure:  ${commandLine(task, '--shrink')}`,
  ].join('\n');
}

function closing({ seeds, failing }: Totals): string {
  if (failing.length === 0)
    return seeds === 1 ? 'Every promise held.' : `Every promise held in ${seeds} seeds.`;
  return seeds === 1
    ? 'A promise was broken.'
    : `A promise was broken in ${failing.length} of ${seeds} seeds.`;
}

/** Runs for people. */
export function report(runs: readonly Run[]): string {
  const totals = totalsOf(runs);
  const faults = Object.entries(totals.faults).map(([kind, count]): Row => [kind, number(count)]);
  const unshown = totals.failing.slice(SEEDS_SHOWN).map(({ task }) => task.seed);
  return [
    columns('Faults', faults.length > 0 ? faults : [['none', '']]),
    columns('Figures', figures(totals)),
    ...hashes(runs),
    ...totals.failing.slice(0, SEEDS_SHOWN).map(failure),
    ...(unshown.length > 0 ? [`More seeds that failed: ${unshown.join(', ')}`] : []),
    closing(totals),
  ].join('\n\n');
}

/** Runs for programs. */
export function reportJson(runs: readonly Run[]): string {
  const { failing, ...totals } = totalsOf(runs);
  return JSON.stringify({ ...totals, failing: failing.map(({ task }) => task.seed), runs });
}
