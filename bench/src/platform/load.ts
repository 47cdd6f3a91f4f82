import { rounded } from '../statistics.ts';
import { closedLoop } from './closed-loop.ts';
import type { LoadPoint, ProcessShare } from './figures.ts';
import { latencies } from './idle.ts';
import type { MeasuredPlatform } from './measured-platform.ts';
import { readTree, type TreeUsage } from './process-tree.ts';

export interface LoadOptions {
  readonly clients: number;
  /** How long clients begin new orders. */
  readonly seconds: number;
  readonly lines?: number;
}

/**
 * Loads the platform and waits until the last order has come to its end.
 *
 * @throws Error when an order that was accepted does not
 */
export async function measureLoad(
  platform: MeasuredPlatform,
  { clients, seconds, lines = 1 }: LoadOptions,
): Promise<LoadPoint> {
  const { orders, arrivals, record } = platform;
  const [retriesBefore, before] = [orders.retries, readTree(record)];
  const {
    startedAt,
    seconds: placing,
    placed,
  } = await closedLoop(clients, seconds, () => orders.place(lines));
  await orders.settled(placed);
  const after = readTree(record);
  const lastConfirmedAt = Math.max(...placed.map((order) => order.sentAt + arrivals.confirmedMs(order)));
  return {
    clients,
    orders: placed.length,
    acceptedPerSecond: rounded(placed.length / placing, 1),
    completedPerSecond: rounded((1000 * placed.length) / (lastConfirmedAt - startedAt), 1),
    retries: orders.retries - retriesBefore,
    ...latencies(platform, placed),
    ...(before && after && cpuFigures(before, after, placed.length)),
  };
}

function cpuFigures(
  before: TreeUsage,
  after: TreeUsage,
  orders: number,
): Required<Pick<LoadPoint, 'cpuMsPerOrder' | 'processes'>> {
  const used = (process: string): number =>
    ((after.get(process)?.cpuMs ?? 0) - (before.get(process)?.cpuMs ?? 0)) / orders;
  const processes: readonly ProcessShare[] = [...after.keys()]
    .map((process) => ({ process, cpuMsPerOrder: rounded(used(process), 2) }))
    .sort((a, b) => b.cpuMsPerOrder - a.cpuMsPerOrder);
  const all = [...after.keys()].reduce((sum, process) => sum + used(process), 0);
  return { cpuMsPerOrder: rounded(all, 1), processes };
}
