import { rounded } from '@orderly/support/statistics';
import type { CpuFigures, ProcessShare } from './figures.ts';
import type { TreeUsage } from './process-tree.ts';

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
