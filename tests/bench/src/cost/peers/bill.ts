import { assumptions, SECONDS_A_DAY } from '../assumptions.ts';
import { orderBill, standingBill, totalOf } from '../bill.ts';
import { functionOf, type Life, shippedOrder } from '../life.ts';
import { paceOf, tracedShare } from '../rate.ts';
import type { Stage } from '../stage.ts';
import { sum, type Usage, usage } from '../usage.ts';
import { type CountedDesign, type Extent, lifeOf, managedUsage } from './count.ts';

/** The stage of a design: what of it our bill asks. */
function stageOf({ design }: CountedDesign, traced: boolean): Stage {
  const total = (name: 'alarmMetrics' | 'dashboards') =>
    design.standing.reduce((sum, each) => sum + (each[name] ?? 0), 0);
  return {
    name: design.title,
    queues: [],
    alarmMetrics: total('alarmMetrics'),
    dashboards: total('dashboards'),
    schedules: 0,
    // No template asks for fewer.
    systemLogs: true,
    traced,
    spans: false,
  };
}

/** What one order of a design makes AWS charge for, with no more observed than in our `prod`. */
export function peerBill(
  counted: CountedDesign,
  extent: Extent,
  ordersPerDay: number,
  settings: Pick<Stage, 'slowerWithLessMemory'> = {},
): Usage {
  const stage = { ...stageOf(counted, false), ...settings };
  const { shipped } = orderBill(lifeOf(counted, extent), stage, ordersPerDay);
  return sum([shipped, ...managedUsage(counted, extent)]);
}

/** What one order costs more as the design observes itself: X-Ray, Lambda Insights, and an archive of its events. */
export function observationBill(counted: CountedDesign, extent: Extent, ordersPerDay: number): Usage {
  const { traced, lambdaInsights, archive } = counted.design.observed;
  const life = lifeOf(counted, extent);
  const runs = shippedOrder.flatMap((step) => life.steps[step]);
  const tracesOf = (isTraced: boolean) =>
    orderBill(life, stageOf(counted, isTraced), ordersPerDay).shipped.traces;
  const begun = counted.managed.filter(
    ({ beginsTrace, beyond }) => beginsTrace && (extent === 'all' || beyond === undefined),
  );
  const archived = counted.functions
    .filter(({ beyond }) => extent === 'all' || beyond === undefined)
    .flatMap(({ events = [] }) => events)
    .reduce<number>((bytes, event) => bytes + Buffer.byteLength(JSON.stringify(event)), 0);
  return usage({
    traces: traced ? tracesOf(true) + begun.length * tracedShare(ordersPerDay / SECONDS_A_DAY) : 0,
    logBytes: lambdaInsights
      ? (assumptions.lambdaInsightsLineBytes + assumptions.logEventOverheadBytes) *
        invocationsOf(life, runs.map(functionOf), ordersPerDay)
      : 0,
    archivedBytes: archive ? archived : 0,
  });
}

/** Invocations for one order: fewer than runs where batches are shared. */
const invocationsOf = (life: Life, names: readonly string[], ordersPerDay: number): number =>
  names.reduce((sum, name) => sum + 1 / paceOf(life, name, ordersPerDay).batch, 0);

/** USD for a month in which nobody orders. */
export const idleMonth = (counted: CountedDesign): number =>
  totalOf(standingBill(lifeOf(counted, 'all'), stageOf(counted, false), 0));
