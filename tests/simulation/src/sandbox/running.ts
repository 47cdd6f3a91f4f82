import type { Dice } from '../world/dice.ts';

/** Plans a callback. @returns takes the plan back */
export type Delay = (ms: number, callback: () => void) => () => void;

/** What a program has of its own. */
export interface Surroundings {
  /** The program's wall clock, in milliseconds since the epoch; with a fraction. */
  readonly nowMs: () => number;
  readonly delay: Delay;
  readonly dice: Dice;
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the program prints. */
  readonly write: (text: string) => void;
  /** What the bundled SDK calls in place of the network. */
  readonly send: (...call: never[]) => unknown;
  readonly fetch?: (...call: never[]) => unknown;
  /** Files by absolute path; without them the program has no file system. */
  readonly files?: Map<string, string>;
}

/** A program that is loaded. */
export interface Running extends Surroundings {
  /** What its clock said when it was loaded. */
  readonly startedAt: number;
  /** Its copy: it may change it. */
  readonly env: Record<string, string>;
}
