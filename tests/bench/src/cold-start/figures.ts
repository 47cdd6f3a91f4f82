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

/** What a layer takes of a cold start. */
export interface LayerFigures {
  readonly name: string;
  /** Of its code in the bundle, minified, in units of 1,000 bytes. */
  readonly kb: number;
  /** Milliseconds of load and first call, without those that it waits. */
  readonly ms: number;
}

/** Where the cold start of a variant goes. */
export interface ProfileFigures {
  readonly name: string;
  readonly processes: number;
  readonly layers: readonly LayerFigures[];
}

export interface ColdStartFigures {
  readonly nodes: readonly NodeFigures[];
  /** Under one Node.js: our toolkit, and what it is compared with. */
  readonly profile: { readonly version: string; readonly variants: readonly ProfileFigures[] };
}
