import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Items are `other` or aggregates; what aggregates tell was `sent`, `filtered`, `older`, `failed`, or is nothing. */
const countsSchema = v.object({
  items: count,
  /** Items that are no aggregates of the topic. */
  other: count,
  aggregates: count,
  /** Aggregates that have told nothing. */
  untold: count,
  /** Events, from here on. */
  sent: count,
  /** Not wanted by the queue's tag. */
  filtered: count,
  /** From before `--since`. */
  older: count,
  failed: count,
});

export const runSchema = v.object({
  /** Part of each message's deduplication id: a run that goes on drops what it has sent, another run does not. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  stage: v.string(),
  topic: v.picklist(['order-events', 'inventory-events', 'notification-events']),
  /** URL. */
  to: v.string(),
  since: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
  order: v.exactOptional(v.string()),
  counts: countsSchema,
  /** The last item that is done with; absent at the beginning. */
  after: v.exactOptional(v.record(v.string(), v.string())),
});

export type ReplayCounts = Readonly<v.InferOutput<typeof countsSchema>>;

/** A replay, as far as it has come: all that is needed to go on with it. */
export type ReplayRun = Omit<Readonly<v.InferOutput<typeof runSchema>>, 'counts'> & {
  readonly counts: ReplayCounts;
};

export const noCounts: ReplayCounts = {
  items: 0,
  other: 0,
  aggregates: 0,
  untold: 0,
  sent: 0,
  filtered: 0,
  older: 0,
  failed: 0,
};

export function addCounts(counts: ReplayCounts, more: Partial<ReplayCounts>): ReplayCounts {
  const sum = (name: keyof ReplayCounts): number => counts[name] + (more[name] ?? 0);
  return {
    items: sum('items'),
    other: sum('other'),
    aggregates: sum('aggregates'),
    untold: sum('untold'),
    sent: sum('sent'),
    filtered: sum('filtered'),
    older: sum('older'),
    failed: sum('failed'),
  };
}
