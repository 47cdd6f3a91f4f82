import type { Target } from '../part.ts';
import type { ConsoleFigures, PlatformFigures } from './figures.ts';

const CLIENTS = 32;
const LARGE_ORDER_LINES = 99;

const atMost = (what: string, limit: number, unit: string, measured: number): Target => ({
  what,
  limit: `<= ${limit} ${unit}`,
  measured: `${measured} ${unit}`,
  met: measured <= limit,
});

const perSecond = (what: string, limit: number, measured: number): Target => ({
  what,
  limit: `>= ${limit}/s`,
  measured: `${measured.toFixed(1)}/s`,
  met: measured >= limit,
});

const consoleTargets = ({ openShare, idleMiB }: ConsoleFigures): readonly Target[] => [
  atMost('Throughput that an open page of the console costs', 5, '%', Math.round((1 - openShare) * 100)),
  atMost('Memory of the console while nobody looks', 30, 'MiB', idleMiB),
];

/** What the local platform should come to on two cores. */
export function targets({ ready, idle, load, growth, memory, console }: PlatformFigures): readonly Target[] {
  const single = load.filter(({ clients }) => clients === CLIENTS);
  const large = growth.filter(({ lines }) => lines === LARGE_ORDER_LINES);
  return [
    atMost('From start to ready', 6, 's', Number((ready.medianMs / 1000).toFixed(1))),
    ...(memory
      ? [atMost('Resident memory while idle', 700, 'MiB', memory.restingMiB ?? memory.idleMiB)]
      : []),
    ...(console ? consoleTargets(console) : []),
    atMost('Placed to confirmed while idle, p50', 40, 'ms', idle.confirmedMs.p50),
    ...single.map(({ completedPerSecond }) =>
      perSecond(`Orders of one line completed, ${CLIENTS} clients`, 65, completedPerSecond),
    ),
    ...large.map(({ completedPerSecond }) =>
      perSecond(`Orders of ${LARGE_ORDER_LINES} lines completed, ${CLIENTS} clients`, 30, completedPerSecond),
    ),
  ];
}
