import type { Node } from '@orderly/support/node-versions';
import type { TopLevelSpec } from 'vega-lite';

/** How the benchmark is run. */
export interface Settings {
  /** Fewer rounds and points: all parts together end within 5 minutes. */
  readonly quick: boolean;
  /**
   * The Node versions under which cold starts are measured; their profile, memory and records under the last one. The
   * first is the one that runs the benchmark.
   */
  readonly nodes: readonly Node[];
  /** Prints what goes on, a line at a time; figures are printed elsewhere. */
  readonly say: (line: string) => void;
}

/** Figures as they are printed and as the page shows them. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** The cells, formatted; the first of a row is its name. */
  readonly rows: readonly (readonly string[])[];
}

/** What a figure should come to, and what it came to. */
export interface Target {
  readonly what: string;
  /** With the relation and the unit, e.g. `<= 12 s`. */
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

/**
 * One part of the benchmark: what it measures, and how that reads.
 *
 * @typeParam Figures plain JSON, rounded to what repeats
 */
export interface Part<Figures> {
  readonly measure: (settings: Settings) => Promise<Figures>;
  readonly tables: (figures: Figures) => readonly Table[];
  readonly targets: (figures: Figures) => readonly Target[];
  /** Plots for the page, by the name of their file in docs/plots. */
  readonly plots?: (figures: Figures) => Readonly<Record<string, TopLevelSpec>>;
}
