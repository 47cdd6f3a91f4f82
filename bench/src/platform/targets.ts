import type { Target } from '../part.ts';
import type { PlatformFigures } from './figures.ts';
import { clientsText } from './tables.ts';

const READY_MS = 12_000;
const IDLE_CONFIRMED_MS = 200;
const SHARE_OF_FLOOR = 0.5;

/** What the local platform should come to on two cores. */
export function targets({ ready, idle, floor }: PlatformFigures): readonly Target[] {
  return [
    {
      what: 'From start to ready',
      limit: `<= ${READY_MS / 1000} s`,
      measured: `${(ready.medianMs / 1000).toFixed(1)} s`,
      met: ready.medianMs <= READY_MS,
    },
    {
      what: 'Placed to confirmed while idle, p50',
      limit: `<= ${IDLE_CONFIRMED_MS} ms`,
      measured: `${idle.confirmedMs.p50} ms`,
      met: idle.confirmedMs.p50 <= IDLE_CONFIRMED_MS,
    },
    ...floor.map(({ clients, platformShare }) => ({
      what: `Share of the emulators' own throughput, ${clientsText(clients)}`,
      limit: `>= ${SHARE_OF_FLOOR}`,
      measured: platformShare.toFixed(2),
      met: platformShare >= SHARE_OF_FLOOR,
    })),
  ];
}
