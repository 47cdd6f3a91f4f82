import type { PartLimit } from './limits.ts';
import type { LocalCheck } from './local-check.ts';
import type { Prediction } from './predict.ts';

/** What the simulation says; times as their names say. */
export interface SimulationFigures {
  /** The local platform, predicted and measured. */
  readonly local: readonly LocalCheck[];
  /** The tightest first. */
  readonly limits: readonly PartLimit[];
  readonly predictions: readonly Prediction[];
}
