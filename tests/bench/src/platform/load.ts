import { rounded } from '@orderly/support/statistics';
import type { CpuFigures, LoadPoint, ProcessShare } from './figures.ts';
import { latencies } from './idle.ts';
import type { MeasuredPlatform } from './measured-platform.ts';
import { readTree, type TreeUsage } from './process-tree.ts';

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

/**
 * Has so many clients place orders, each its next one when it has the answer to the last.
 *
 * @param seconds after which no client begins another order
 * @returns the milliseconds since the epoch at the start, and the seconds to the last answer
 */
export async function closedLoop<Order>(clients: number, seconds: number, place: () => Promise<Order>) {
  const placed: Order[] = [];
  const startedAt = Date.now();
  const until = startedAt + seconds * 1000;
  const client = async (): Promise<void> => {
    while (Date.now() < until) placed.push(await place());
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { startedAt, seconds: (Date.now() - startedAt) / 1000, placed };
}

/** What each process has used for an order between two looks; nothing where there was nothing to see. */
export function cpuPerOrder(
  before: TreeUsage | undefined,
  after: TreeUsage | undefined,
  orders: number,
): Partial<CpuFigures> {
  if (before === undefined || after === undefined) return {};
  const used = [...after].map(([process, { cpuMs }]): [string, number] => [
    process,
    (cpuMs - (before.get(process)?.cpuMs ?? 0)) / orders,
  ]);
  const processes: readonly ProcessShare[] = used
    .map(([process, ms]) => ({ process, cpuMsPerOrder: rounded(ms, 2) }))
    .sort((a, b) => b.cpuMsPerOrder - a.cpuMsPerOrder);
  return {
    cpuMsPerOrder: rounded(
      used.reduce((sum, [, ms]) => sum + ms, 0),
      1,
    ),
    processes,
  };
}
