import type { LegName, LoadPoint, PlatformFigures } from '../platform/figures.ts';
import { type LocalPlatform, runLocally, type Stage, type StageCost, stages } from './local-platform.ts';

/** What the simulation of the local platform needs of what was measured. */
export type Measured = Pick<PlatformFigures, 'idle' | 'load'>;

/** What is known of the local platform before it is calibrated. */
export interface LocalLimits {
  readonly streamBatch: number;
  readonly queueBatch: number;
  readonly queueConcurrency: number;
}

const legOf: Readonly<Record<Stage, LegName>> = {
  accept: 'write OrderPlaced',
  'publish placed': 'publish OrderPlaced',
  reserve: 'write StockReserved',
  'publish reserved': 'publish StockReserved',
  confirm: 'write OrderConfirmed',
  'publish confirmed': 'publish OrderConfirmed',
  notify: 'write NotificationSent',
  'publish notified': 'publish NotificationSent',
};

const serviceOf: Readonly<Record<Stage, string>> = {
  accept: 'orders',
  'publish placed': 'orders',
  reserve: 'inventory',
  'publish reserved': 'inventory',
  confirm: 'orders',
  'publish confirmed': 'orders',
  notify: 'notifications',
  'publish notified': 'notifications',
};

const services = new Set(Object.values(serviceOf));

const byStage = <Value>(of: (stage: Stage) => Value): Readonly<Record<Stage, Value>> =>
  Object.fromEntries(stages.map((stage) => [stage, of(stage)])) as Record<Stage, Value>;

/**
 * What part of an order's processor time each program takes in each stage: a service an even part of its own in each of
 * its stages, and what all of them use, the emulators, an even part in every stage.
 */
function cpuShares({
  processes = [],
  cpuMsPerOrder = 0,
}: LoadPoint): Readonly<Record<Stage, StageCost['cpuMs']>> {
  return byStage((stage) => {
    const service = serviceOf[stage];
    const stagesOfService = stages.filter((each) => serviceOf[each] === service).length;
    return processes
      .filter(({ process }) => process === service || !services.has(process))
      .map(({ process, cpuMsPerOrder: ms }) => {
        const parts = process === service ? stagesOfService : stages.length;
        return [process, ms / parts / cpuMsPerOrder] as const;
      });
  });
}

/** Finds where a rising function reaches a value, between two ends. */
function solve(from: number, to: number, rises: (at: number) => number, value: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 12; step += 1) {
    const middle = (low + high) / 2;
    if (rises(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The local platform as two of its load points tell of it: the processor time of an order where one client is there,
 * and at `calibration` that and how many cores are kept busy. What passes without processor time is from single
 * orders. How fast anything goes at other points is not looked at.
 *
 * @throws Error where the processor time was not measured
 */
export function calibrate(measured: Measured, calibration: LoadPoint, limits: LocalLimits): LocalPlatform {
  const [single] = measured.load;
  if (single?.cpuMsPerOrder === undefined || calibration.cpuMsPerOrder === undefined)
    throw new Error(
      'The local platform is simulated where its processor time can be measured: where there is /proc',
    );
  const singleCpu = single.cpuMsPerOrder;
  const busyCores = (calibration.completedPerSecond * calibration.cpuMsPerOrder) / 1000;
  const shares = cpuShares(single);
  const { legs } = measured.idle;

  const platform = (cpuMs: number, batchShare: number): LocalPlatform => {
    const cost = (stage: Stage): StageCost => {
      const taken = shares[stage].map(([program, share]) => [program, share * cpuMs] as const);
      const stageMs = taken.reduce((sum, [, ms]) => sum + ms, 0);
      return { cpuMs: taken, delayMs: Math.max(0, legs[legOf[stage]].p50 - stageMs) };
    };
    return { ...limits, cores: busyCores, batchShare, costs: byStage(cost) };
  };
  /** With so much of each batch for the batch, what an order alone takes so that the single client's figure comes out. */
  const withShare = (batchShare: number): LocalPlatform => {
    const cpuOf = (cpuMs: number): number => runLocally(platform(cpuMs, batchShare), single).cpuMsPerOrder;
    return platform(solve(0, 4 * singleCpu, cpuOf, singleCpu), batchShare);
  };
  const savedBy = (batchShare: number): number =>
    -runLocally(withShare(batchShare), calibration).cpuMsPerOrder;
  return withShare(solve(0, 1, savedBy, -calibration.cpuMsPerOrder));
}
