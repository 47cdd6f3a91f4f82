import { toTable } from '../output.ts';
import type { Replayed } from './replay.ts';

/** For people: the counts, and what failed. */
export function describeReplayed({ counts, failures }: Replayed, dryRun: boolean): string {
  const rows: readonly (readonly [string, number])[] = [
    ['items read', counts.items],
    ['aggregates among them', counts.aggregates],
    [dryRun ? 'events to send' : 'events sent', counts.sent],
    ['events not wanted by the tag', counts.filtered],
    ['events from before --since', counts.older],
    ['aggregates without events', counts.withoutEvents],
    ['failed', counts.failed],
  ];
  return [
    toTable(
      ['What', 'Count'],
      rows.map(([what, count]) => [what, String(count)]),
    ),
    ...failures.map(({ subject, eventId, reason }) => `  not ${subject} ${eventId}: ${reason}`),
  ].join('\n');
}
