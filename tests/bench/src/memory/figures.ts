import type { Quartiles } from '@orderly/support/statistics';

/** A function with one setting of memory; times in milliseconds. */
export interface SettingFigures {
  readonly memoryMb: number;
  readonly loadMs: Quartiles;
  /** Load and the first call together. */
  readonly firstMs: Quartiles;
  /** A call of a container that has had some. */
  readonly warmMs: Quartiles;
}

export interface FunctionFigures {
  /** `<service>/<function>` */
  readonly name: string;
  /** Whether a person waits for it: who sends the request, or a customer for the notification. */
  readonly isAwaited: boolean;
  /** What serverless.yml sets, in MB. */
  readonly memoryMb: number;
  /** The most that a process of it had resident, in MiB. */
  readonly peakMiB: number;
  /** From the least memory to the most. */
  readonly settings: readonly SettingFigures[];
}

export interface MemoryFigures {
  /** The Node.js that ran the functions. */
  readonly node: string;
  readonly rounds: number;
  readonly functions: readonly FunctionFigures[];
  /** What a program that only computes has of its share of a core, by setting: 1 is all of it. */
  readonly accuracy: readonly { readonly memoryMb: number; readonly ofShare: number }[];
}
