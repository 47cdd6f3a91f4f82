import * as v from 'valibot';
import { topics } from './topic-source.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Items are `other` or aggregates. Events of aggregates are `sent`, `filtered`, `older` or `failed`. */
const countNames = [
  'items',
  /** Items that are no aggregates of the topic. */
  'other',
  'aggregates',
  /** Aggregates that hold no event. */
  'withoutEvents',
  /** Events, from here on. */
  'sent',
  /** Not wanted by the queue's tag. */
  'filtered',
  /** From before `--since`. */
  'older',
  'failed',
] as const;

export type ReplayCounts = Readonly<Record<(typeof countNames)[number], number>>;

export const runSchema = v.object({
  /** Part of each message's deduplication id: a resumed run sends nothing twice, another run sends everything. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  stage: v.string(),
  topic: v.picklist(topics),
  /** URL. */
  to: v.string(),
  since: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
  order: v.exactOptional(v.string()),
  counts: v.object(v.entriesFromList(countNames, count)),
  /** The last item that is done; absent at the beginning. */
  after: v.exactOptional(v.record(v.string(), v.string())),
});

/** A replay with its progress: all that is needed to resume it. */
export type ReplayRun = Omit<Readonly<v.InferOutput<typeof runSchema>>, 'counts'> & {
  readonly counts: ReplayCounts;
};

export const noCounts: ReplayCounts = {
  ...{ items: 0, other: 0, aggregates: 0, withoutEvents: 0, sent: 0, filtered: 0, older: 0, failed: 0 },
};

export function addCounts(counts: ReplayCounts, more: Partial<ReplayCounts>): ReplayCounts {
  const sum = { ...counts };
  for (const name of countNames) sum[name] += more[name] ?? 0;
  return sum;
}
