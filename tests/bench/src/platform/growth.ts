import type { GrowthPoint } from './figures.ts';
import { measureLoad } from './load.ts';
import type { MeasuredPlatform } from './measured-platform.ts';

const CLIENTS = 32;
/** Subscribers of order-events that every platform has: inventory and notifications. */
export const OWN_SUBSCRIBERS = 2;

export interface Varied {
  readonly lines?: number;
  readonly subscribers?: number;
  /** Orders that came into the table by another way than by being placed. */
  readonly filled?: number;
}

/** Measures a load that differs from the usual one in one thing. */
export async function measureGrowth(
  platform: MeasuredPlatform,
  seconds: number,
  { lines = 1, subscribers = OWN_SUBSCRIBERS, filled = 0 }: Varied = {},
): Promise<GrowthPoint> {
  const ordersBefore = filled + platform.orders.accepted;
  const load = await measureLoad(platform, { clients: CLIENTS, seconds, lines });
  return {
    lines,
    subscribers,
    ordersBefore,
    clients: CLIENTS,
    orders: load.orders,
    completedPerSecond: load.completedPerSecond,
    confirmedP50Ms: load.confirmedMs.p50,
    ...(load.cpuMsPerOrder !== undefined && { cpuMsPerOrder: load.cpuMsPerOrder }),
  };
}
