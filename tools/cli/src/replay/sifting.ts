import type { Item } from '../tables/stage-table.ts';
import { addCounts, noCounts, type ReplayCounts, type ReplayRun } from './replay-run.ts';
import type { FailedEvent } from './sending.ts';
import { type Retold, type Telling, tell } from './telling.ts';

/** What of some items is to be sent, and what becomes of all else. */
export interface Sifted {
  readonly events: readonly Retold[];
  readonly counts: ReplayCounts;
  readonly failures: readonly FailedEvent[];
}

/** @param wants whether the queue asks for events of a type */
export function sift(run: ReplayRun, items: readonly Item[], wants: (type: string) => boolean): Sifted {
  const sifted = items.map((item) => siftOne(run, tell(run, item), wants));
  return {
    events: sifted.flatMap(({ events }) => events),
    counts: sifted.reduce((sum, { counts }) => addCounts(sum, counts), { ...noCounts, items: items.length }),
    failures: sifted.flatMap(({ failures }) => failures),
  };
}

function siftOne(run: ReplayRun, telling: Telling, wants: (type: string) => boolean) {
  const of = (
    counts: Partial<ReplayCounts>,
    events: readonly Retold[] = [],
    failures: readonly FailedEvent[] = [],
  ) => ({ counts, events, failures });
  if (telling.told === 'other') return of({ other: 1 });
  if (telling.told === 'nothing') return of({ aggregates: 1, untold: 1 });
  if (telling.told === 'unreadable') {
    const { pk, reason } = telling;
    return of({ aggregates: 1, failed: 1 }, [], [{ subject: pk, eventId: '', reason }]);
  }
  const recent = telling.events.filter((event) => !isOlder(run, event));
  const wanted = recent.filter(({ type }) => wants(type));
  return of(
    {
      aggregates: 1,
      older: telling.events.length - recent.length,
      filtered: recent.length - wanted.length,
    },
    wanted,
  );
}

/** An event that does not say when it happened may be recent. */
function isOlder({ since }: ReplayRun, { time }: Retold): boolean {
  return since !== undefined && time !== undefined && Date.parse(time) < Date.parse(since);
}
