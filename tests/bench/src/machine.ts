import { availableParallelism, totalmem, type } from 'node:os';

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
