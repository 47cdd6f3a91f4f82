import type { InvocationReport } from '@orderly/local/service-messages';
import { Ring } from './ring.ts';

/** One run of a function. */
export type Invocation = Omit<InvocationReport, 'type' | 'faulted'>;

export interface FunctionFigures {
  readonly invocations: number;
  readonly errors: number;
  readonly coldStarts: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly lastAt?: number;
}

const KEPT_DURATIONS = 500;

/** How often each function ran, and how long it took. */
export class InvocationHistory {
  readonly #totals = new Map<string, { invocations: number; errors: number; coldStarts: number }>();
  readonly #latest = new Map<string, Ring<Invocation>>();
  #count = 0;

  add(invocation: Invocation): void {
    const { functionName, outcome, coldStart } = invocation;
    const totals = this.#totals.get(functionName) ?? { invocations: 0, errors: 0, coldStarts: 0 };
    totals.invocations += 1;
    if (outcome === 'error') totals.errors += 1;
    if (coldStart) totals.coldStarts += 1;
    this.#totals.set(functionName, totals);
    const latest = this.#latest.get(functionName) ?? new Ring<Invocation>(KEPT_DURATIONS);
    latest.set(String(++this.#count), invocation);
    this.#latest.set(functionName, latest);
  }

  figuresOf(functionName: string): FunctionFigures {
    const totals = this.#totals.get(functionName) ?? { invocations: 0, errors: 0, coldStarts: 0 };
    const latest = [...(this.#latest.get(functionName)?.values() ?? [])];
    const last = latest.at(-1);
    if (last === undefined) return totals;
    const durations = latest.map(({ duration }) => duration);
    return { ...totals, ...percentiles(durations), lastAt: last.at };
  }

  /** Of the functions, since a time. */
  countSince(functionNames: readonly string[], since: number): { invocations: number; errors: number } {
    const recent = functionNames.flatMap((name) =>
      [...(this.#latest.get(name)?.values() ?? [])].filter(({ at }) => at >= since),
    );
    return {
      invocations: recent.length,
      errors: recent.filter(({ outcome }) => outcome === 'error').length,
    };
  }
}

/** @returns the median and the 95th percentile (nearest rank) of at least one value */
export const percentiles = (values: readonly number[]): { readonly p50: number; readonly p95: number } => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
};
