import type { TargetResult } from './run.ts';

/** What was tried, what came of it, and what was found, for people. */
export function report(results: readonly TargetResult[], seed: number, seconds: number): string {
  const inputs = results.reduce((sum, result) => sum + result.inputs, 0);
  const failures = results.filter(({ failure }) => failure !== undefined);
  const width = Math.max(...results.map(({ target }) => target.length));
  return [
    ...results.map(
      ({ target, inputs: tried, outcomes }) =>
        `${target.padEnd(width)} ${String(tried).padStart(6)}  ${countsOf(outcomes)}`,
    ),
    ...failures.map(({ target, failure }) => `\n${target}\n${failure}`),
    `\nSeed ${seed}: ${inputs} inputs in ${Math.round(seconds)} s, ${failures.length} of ${results.length} targets broke a promise.`,
  ].join('\n');
}

function countsOf(outcomes: TargetResult['outcomes']): string {
  const sorted = [...outcomes].sort(([one], [other]) => one.localeCompare(other));
  return sorted.map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
}
