import type { Machine } from './machine.ts';
import type { Results } from './parts.ts';

/** What a run of the benchmark leaves behind; the page is made of it. */
export interface Report {
  readonly machine: Machine;
  readonly results: Results;
}
