import { availableParallelism, totalmem, type } from 'node:os';
import { resolve } from 'node:path';
import type { Results } from './parts.ts';

/** The figures that the page shows. */
export const published = resolve(__dirname, '../results/figures.json');

/** What a run of the benchmark leaves behind; the page is made of it. */
export interface Report {
  readonly machine: Machine;
  readonly results: Results;
}

/** The machine in general terms: what makes figures differ, and nothing that names it. */
export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly architecture: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: type(),
    architecture: process.arch,
    node: process.versions.node,
  };
}
