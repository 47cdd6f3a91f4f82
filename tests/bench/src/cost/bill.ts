import { assumptions, DAYS_A_MONTH, SECONDS_A_DAY } from './assumptions.ts';
import { cancelledOrder, type Life, runsOf, type Step, shippedOrder, stepNames } from './life.ts';
import { monthlyPrices, unitPrices } from './prices.ts';
import { chargedFor, emptyReceivesPerSecond, paceOf } from './rate.ts';
import type { Stage } from './stage.ts';
import { priceOf, sum, type Usage } from './usage.ts';

/** What an order costs when so many come a day. */
export interface OrderBill {
  readonly ordersPerDay: number;
  readonly steps: Readonly<Record<Step, Usage>>;
  /** Of an order that is shipped, and of one that is cancelled after its confirmation. */
  readonly shipped: Usage;
  readonly cancelled: Usage;
}

export function orderBill(life: Life, stage: Stage, ordersPerDay: number): OrderBill {
  const load = { ...stage, ordersPerDay };
  const steps = Object.fromEntries(
    stepNames.map((step) => [step, sum(life.steps[step].map((each) => chargedFor(each, life, load)))]),
  ) as Record<Step, Usage>;
  const of = (names: readonly Step[]) => sum(names.map((step) => steps[step]));
  return { ordersPerDay, steps, shipped: of(shippedOrder), cancelled: of(cancelledOrder) };
}

/** USD a month of a stage, beside its orders. */
export interface StandingBill {
  readonly emptyReceives: number;
  readonly metrics: number;
  readonly alarms: number;
  readonly dashboards: number;
}

/** @param ordersPerDay 0 for an unused stage */
export function standingBill(life: Life, stage: Stage, ordersPerDay: number): StandingBill {
  const seconds = DAYS_A_MONTH * SECONDS_A_DAY;
  const { fifoRequests, standardRequests } = unitPrices;
  const empty = stage.queues.map(({ consumer, pollers, isFifo }) => {
    const isIdle = ordersPerDay === 0 || runsOf(life, consumer).length === 0;
    const batches = isIdle ? 0 : paceOf(life, consumer, ordersPerDay).perSecond;
    return emptyReceivesPerSecond(batches, pollers) * (isFifo ? fifoRequests : standardRequests);
  });
  // A metric is charged for the hours in which it has a value.
  const busyHours = -Math.expm1(-ordersPerDay / 24);
  return {
    emptyReceives: empty.reduce((total, each) => total + each, 0) * seconds,
    metrics:
      (metricsOf(life).size * busyHours + stage.schedules * assumptions.gauges) * monthlyPrices.metrics,
    alarms: stage.alarmMetrics * monthlyPrices.alarms,
    dashboards: stage.dashboards * monthlyPrices.dashboards,
  };
}

export const totalOf = (bill: StandingBill): number =>
  Object.values(bill).reduce((total, each: number) => total + each, 0);

/** USD a month for the orders alone. */
export const ordersOf = (life: Life, stage: Stage, ordersPerDay: number): number =>
  ordersPerDay === 0
    ? 0
    : priceOf(orderBill(life, stage, ordersPerDay).shipped) * ordersPerDay * DAYS_A_MONTH;

/** The custom metrics that shipped orders make, by service and name: what the log lines declare. */
export function metricsOf(life: Life): ReadonlySet<string> {
  const names = shippedOrder
    .flatMap((step) => life.steps[step])
    .flatMap(({ service, logged }) => logged.flatMap(metricNames).map((name) => `${service}/${name}`));
  return new Set(names);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function metricNames(line: string): readonly string[] {
  if (!line.startsWith('{"_aws":')) return [];
  const { CloudWatchMetrics } = JSON.parse(line)._aws as {
    readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
  };
  return CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
}
