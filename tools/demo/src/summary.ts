import type { OrderItem } from '@orderly/support/evidence';
import { type Percentiles, percentiles } from '@orderly/support/statistics';
import { withoutDuplicates } from '@orderly/support/subscriber';
import type { RunResult } from './run.ts';
import { count, sum, type Tally } from './tally.ts';
import type { WorkloadTally } from './workload.ts';

/** The result of a run, as `--json` prints it. */
export interface Summary {
  /** True when every check holds. */
  readonly ok: boolean;
  /** Where the invoices came from: a file, or a seed. */
  readonly source: string;
  readonly workload: WorkloadTally;
  readonly orders: {
    /** Accepted by the API. */
    readonly placed: number;
    readonly confirmed: number;
    readonly rejected: number;
    readonly cancelled: number;
    readonly notFinal: number;
    /** Refused by the API, by reason. */
    readonly refused: Tally;
  };
  /** Cancellations sent: accepted, and refused by reason. */
  readonly cancellations: { readonly accepted: number; readonly refused: Tally };
  /** Notifications with the status SENT, by kind. */
  readonly notifications: { readonly sent: number; readonly byKind: Tally };
  /** Distinct events that the demo's own subscription received. */
  readonly events: { readonly delivered: number; readonly duplicates: number; readonly byType: Tally };
  readonly deadLetters: number;
  /** From `placedAt` to `confirmedAt` or `rejectedAt`; null when no order was decided. */
  readonly latencyMs: Percentiles | null;
  /** Seconds from the first order placed to the last one decided. */
  readonly seconds: number;
  readonly ordersPerSecond: number | null;
  readonly checks: readonly {
    readonly name: string;
    /** How many things were looked at. */
    readonly checked: number;
    /** One sentence for each that is wrong. */
    readonly faults: readonly string[];
  }[];
}

/** @param source what the invoices are, for people */
export const summarise = (source: string, workload: WorkloadTally, result: RunResult): Summary => {
  const { orders, notifications, events, deadLettersLeft } = result.evidence;
  const having = (status: OrderItem['status']): number =>
    orders.filter((order) => order.status === status).length;
  const sent: Tally = {};
  for (const { kind, status } of notifications) if (status === 'SENT') count(sent, kind);
  const byType: Tally = {};
  const delivered = withoutDuplicates(events);
  for (const { type } of delivered) count(byType, type);
  const checks = result.checks.map(({ findings, ...check }) => ({
    ...check,
    faults: findings.map(({ text }) => text),
  }));
  const seconds = spanOf(orders) / 1000;
  return {
    ok: checks.every(({ faults }) => faults.length === 0),
    source,
    workload,
    orders: {
      placed: orders.length,
      confirmed: having('CONFIRMED'),
      rejected: having('REJECTED'),
      cancelled: having('CANCELLED'),
      notFinal: having('PLACED'),
      refused: result.placing.refused,
    },
    cancellations: result.placing.cancellations,
    notifications: { sent: sum(sent), byKind: sent },
    events: { delivered: delivered.length, duplicates: events.length - delivered.length, byType },
    deadLetters: sum(Object.fromEntries(deadLettersLeft)),
    latencyMs: latenciesOf(orders),
    seconds,
    ordersPerSecond: seconds > 0 ? Math.round((orders.length / seconds) * 10) / 10 : null,
    checks,
  };
};

const decidedAt = ({ confirmedAt, rejectedAt }: OrderItem): string | undefined => confirmedAt ?? rejectedAt;

const latenciesOf = (orders: readonly OrderItem[]): Summary['latencyMs'] => {
  const latencies = orders.flatMap((order) => {
    const decided = decidedAt(order);
    return decided === undefined ? [] : [Date.parse(decided) - Date.parse(order.placedAt)];
  });
  return latencies.length === 0 ? null : percentiles(latencies);
};

/** Milliseconds from the first order placed to the last decision or cancellation. */
const spanOf = (orders: readonly OrderItem[]): number => {
  const range = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  for (const order of orders) {
    range.first = Math.min(range.first, Date.parse(order.placedAt));
    const end = decidedAt(order) ?? order.cancelledAt;
    if (end !== undefined) range.last = Math.max(range.last, Date.parse(end));
  }
  return Number.isFinite(range.last - range.first) ? range.last - range.first : 0;
};
