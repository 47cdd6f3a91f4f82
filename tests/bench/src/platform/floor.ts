import { settle } from '@orderly/support/quiet';
import { rounded } from '@orderly/support/statistics';
import { BarePipeline } from './bare-pipeline.ts';
import { planOf } from './call-plan.ts';
import type { FloorPoint, LoadPoint } from './figures.ts';
import { closedLoop, cpuPerOrder } from './load.ts';
import { type ProcessTree, readTree } from './process-tree.ts';
import { recordOrder } from './recorded-order.ts';

const STALL_MS = 60_000;
const WARM_UP_CLIENTS = 32;
const tree: ProcessTree = { pid: process.pid, names: new Map([[process.pid, 'driver']]) };

/** Measures the emulators without the platform's code at each load that the platform was measured at. */
export async function measureFloor(
  load: readonly LoadPoint[],
  seconds: number,
): Promise<readonly FloorPoint[]> {
  const { orderId, sku, calls, emulators } = await recordOrder();
  const pipeline = new BarePipeline(planOf(orderId, sku, calls), emulators);
  try {
    await pipeline.start();
    await run(pipeline, WARM_UP_CLIENTS, seconds);
    const points: FloorPoint[] = [];
    for (const { clients, completedPerSecond } of load) {
      const floor = await run(pipeline, clients, seconds);
      const platformShare = rounded(completedPerSecond / floor.completedPerSecond, 2);
      points.push({ clients, ...floor, platformShare });
    }
    return points;
  } finally {
    await pipeline.stop();
    await emulators.stop();
  }
}

async function run(
  pipeline: BarePipeline,
  clients: number,
  seconds: number,
): Promise<Omit<FloorPoint, 'clients' | 'platformShare'>> {
  const before = readTree(tree);
  const { startedAt, placed } = await closedLoop(clients, seconds, () => pipeline.place());
  const open = () => placed.filter(({ confirmedAt, notifiedAt }) => !(confirmedAt && notifiedAt)).length;
  if (!(await settle(open, { signal: pipeline.failed, stallMs: STALL_MS })))
    throw new Error(`${open()} of ${placed.length} orders do not come through the bare pipeline`);
  const lastConfirmedAt = Math.max(...placed.map(({ confirmedAt = 0 }) => confirmedAt));
  return {
    orders: placed.length,
    completedPerSecond: rounded((1000 * placed.length) / (lastConfirmedAt - startedAt), 1),
    ...cpuPerOrder(before, readTree(tree), placed.length),
  };
}
