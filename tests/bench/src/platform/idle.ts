import { type Percentiles, percentiles, rounded } from '@orderly/support/statistics';
import type { Placed } from './arrivals.ts';
import { type IdleFigures, type Latencies, legNames } from './figures.ts';
import type { MeasuredPlatform } from './measured-platform.ts';

/** Often enough that the next order comes soon after the last; what is measured are the events' arrivals. */
const LOOK_EVERY_MS = 10;

/** Places one order after the other, each when nothing is left to do for the one before. */
export async function measureIdle(platform: MeasuredPlatform, count: number): Promise<IdleFigures> {
  const placed: Placed[] = [];
  for (let n = 0; n < count; n += 1) {
    const order = await platform.orders.place(1);
    await platform.orders.settled([order], LOOK_EVERY_MS);
    placed.push(order);
  }
  const legs = placed.map((order) => platform.arrivals.legsOf(order));
  const byName = legNames.map((name) => [name, figures(legs.map((each) => each[name]))]);
  return {
    orders: count,
    ...latencies(platform, placed),
    legs: Object.fromEntries(byName) as IdleFigures['legs'],
  };
}

/** How long these orders took, all of which have come to their end. */
export function latencies({ arrivals }: MeasuredPlatform, placed: readonly Placed[]): Latencies {
  return {
    acceptedMs: figures(placed.map(({ acceptedMs }) => acceptedMs)),
    confirmedMs: figures(placed.map(arrivals.confirmedMs)),
    notifiedMs: figures(placed.map(arrivals.notifiedMs)),
  };
}

function figures(sample: readonly number[]): Percentiles {
  const { p50, p95, p99 } = percentiles(sample);
  return { p50: rounded(p50, 0), p95: rounded(p95, 0), p99: rounded(p99, 0) };
}
