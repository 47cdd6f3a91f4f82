import { resolve } from 'node:path';
import type { Machine } from './machine.ts';
import type { Results } from './parts.ts';

/** What a run of the benchmark leaves behind; the page is made of it. */
export interface Report {
  readonly machine: Machine;
  readonly results: Results;
}

/** The figures that the page shows. */
export const published = resolve(__dirname, '../results/figures.json');
