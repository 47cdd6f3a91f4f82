import type { Item } from '../tables/stage-table.ts';
import { eventsOf, type ItemEvents, type ReplayedEvent } from './item-events.ts';
import { addCounts, noCounts, type ReplayCounts, type ReplayRun } from './replay-run.ts';
import type { FailedEvent } from './sending.ts';

/** The events to send, those that failed, and a count of everything. @param wants whether the queue asks for a type */
export function selectEvents(run: ReplayRun, items: readonly Item[], wants: (type: string) => boolean) {
  const selected = items.map((item) => selectOf(run, eventsOf(run, item), wants));
  return {
    events: selected.flatMap(({ events }) => events),
    counts: selected.reduce((sum, { counts }) => addCounts(sum, counts), {
      ...noCounts,
      items: items.length,
    }),
    failures: selected.flatMap(({ failures }) => failures),
  };
}

function selectOf(run: ReplayRun, item: ItemEvents, wants: (type: string) => boolean) {
  const of = (
    counts: Partial<ReplayCounts>,
    events: readonly ReplayedEvent[] = [],
    failures: readonly FailedEvent[] = [],
  ) => ({ counts, events, failures });
  if (item.outcome === 'other') return of({ other: 1 });
  if (item.outcome === 'none') return of({ aggregates: 1, withoutEvents: 1 });
  if (item.outcome === 'unreadable') {
    const { pk, reason } = item;
    return of({ aggregates: 1, failed: 1 }, [], [{ subject: pk, eventId: '', reason }]);
  }
  const recent = item.events.filter((event) => !isOlder(run, event));
  const wanted = recent.filter(({ type }) => wants(type));
  return of(
    {
      aggregates: 1,
      older: item.events.length - recent.length,
      filtered: recent.length - wanted.length,
    },
    wanted,
  );
}

/** An event without a time may be recent. */
function isOlder({ since }: ReplayRun, { time }: ReplayedEvent): boolean {
  return since !== undefined && time !== undefined && Date.parse(time) < Date.parse(since);
}
