import { rounded } from '@orderly/support/statistics';
import { closedLoop } from './closed-loop.ts';
import { cpuPerOrder } from './cpu-per-order.ts';
import type { LoadPoint } from './figures.ts';
import { latencies } from './idle.ts';
import type { MeasuredPlatform } from './measured-platform.ts';
import { readTree } from './process-tree.ts';

export interface LoadOptions {
  readonly clients: number;
  /** How long clients begin new orders. */
  readonly seconds: number;
  readonly lines?: number;
}

/** Clients have an answer each at the end of it, however long that takes. */
const WARM_UP_SECONDS = 1;

/**
 * Loads the platform, once it is warm for so many clients, and waits until the last order has come to its end.
 *
 * @throws Error when an order that was accepted does not
 */
export async function measureLoad(
  platform: MeasuredPlatform,
  { clients, seconds, lines = 1 }: LoadOptions,
): Promise<LoadPoint> {
  const { orders, arrivals, tree } = platform;
  // Each client more at a time has a worker started that keeps running.
  await orders.settled((await closedLoop(clients, WARM_UP_SECONDS, () => orders.place(lines))).placed);
  const [retriesBefore, before] = [orders.retries, readTree(tree)];
  const {
    startedAt,
    seconds: placing,
    placed,
  } = await closedLoop(clients, seconds, () => orders.place(lines));
  await orders.settled(placed);
  const lastConfirmedAt = Math.max(...placed.map((order) => order.sentAt + arrivals.confirmedMs(order)));
  return {
    clients,
    orders: placed.length,
    acceptedPerSecond: rounded(placed.length / placing, 1),
    completedPerSecond: rounded((1000 * placed.length) / (lastConfirmedAt - startedAt), 1),
    retries: orders.retries - retriesBefore,
    ...latencies(platform, placed),
    ...cpuPerOrder(before, readTree(tree), placed.length),
  };
}
