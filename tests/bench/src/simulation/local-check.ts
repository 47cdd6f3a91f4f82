import { readSettings } from '../../../../tools/local/src/settings.ts';
import type { LoadPoint } from '../platform/figures.ts';
import { rounded } from '../statistics.ts';
import { configurationOf } from './configuration.ts';
import { calibrate, type Measured } from './local-parameters.ts';
import { runLocally } from './local-platform.ts';

/** One figure of one load point. */
export interface LocalCheck {
  readonly clients: number;
  readonly what: 'accepted per second' | 'completed per second' | 'confirmed p50, ms';
  readonly measured: number;
  readonly predicted: number;
  /** Whether the calibration has seen it; then it says nothing. */
  readonly calibrated: boolean;
}

/** The middle one of the points where clients compete. */
function calibrationPoint(load: readonly LoadPoint[]): LoadPoint {
  const competing = load.filter(({ clients }) => clients > 1);
  const middle = competing[Math.floor(competing.length / 2)];
  if (middle === undefined) throw new Error('The local platform was measured with one client only');
  return middle;
}

/** Predicts each load point of the local platform, see `calibrate`, and puts it beside what was measured. */
export function checkLocally(measured: Measured): readonly LocalCheck[] {
  const { queueBatch, streamBatch, consumerConcurrency } = configurationOf('default');
  const queueConcurrency = Math.min(readSettings({}).concurrency, consumerConcurrency);
  const calibration = calibrationPoint(measured.load);
  const platform = calibrate(measured, calibration, { queueBatch, streamBatch, queueConcurrency });
  return measured.load
    .filter(({ clients }) => clients > 1)
    .flatMap((point): readonly LocalCheck[] => {
      const { acceptedPerSecond, completedPerSecond, confirmedP50Ms } = runLocally(platform, point);
      const of = (
        what: LocalCheck['what'],
        measuredAs: number,
        predicted: number,
        digits: number,
      ): LocalCheck => ({
        clients: point.clients,
        what,
        measured: measuredAs,
        predicted: rounded(predicted, digits),
        calibrated: point === calibration && what === 'completed per second',
      });
      return [
        of('accepted per second', point.acceptedPerSecond, acceptedPerSecond, 1),
        of('completed per second', point.completedPerSecond, completedPerSecond, 1),
        of('confirmed p50, ms', point.confirmedMs.p50, confirmedP50Ms, 0),
      ];
    });
}

/** How far a prediction is from what was measured, as a part of it. */
export const deviation = ({ measured, predicted }: LocalCheck): number => predicted / measured - 1;
