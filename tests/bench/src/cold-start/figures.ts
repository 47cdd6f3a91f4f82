import type { Quartiles } from '@orderly/support/statistics';

/** What one variant comes to in fresh processes; times in milliseconds, memory in MiB. */
export interface VariantFigures {
  readonly name: string;
  /** Of the zip, at the highest compression, in units of 1,000 bytes. */
  readonly zipKb: number;
  readonly loadMs: Quartiles;
  /** Load and the first call together. */
  readonly firstMs: Quartiles;
  /** The most that the process had resident. */
  readonly memoryMiB: Quartiles;
}

/** One Node.js. */
export interface NodeFigures {
  readonly version: string;
  readonly rounds: number;
  readonly variants: readonly VariantFigures[];
}

export interface ColdStartFigures {
  readonly nodes: readonly NodeFigures[];
}
