import type { EventEntry } from '../../src/api.ts';

/** What of the event log is shown; an empty text asks for nothing. */
export interface EventFilter {
  readonly text: string;
  readonly type: string;
  readonly subject: string;
  readonly topic: string;
  readonly failedOnly: boolean;
}

export const isFailed = ({ deliveries }: EventEntry): boolean =>
  deliveries.some(({ state, receives }) => state === 'dead' || (state !== 'taken' && receives > 1));

/** An event does not change after it was published, only its deliveries do: its text is made once. */
const texts = new WeakMap<object, string>();

const textOf = (entry: EventEntry): string => {
  const key = typeof entry.event === 'object' && entry.event !== null ? entry.event : entry;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = `${entry.id} ${entry.correlationId ?? ''} ${JSON.stringify(entry.event)}`.toLowerCase();
  texts.set(key, text);
  return text;
};

/** The events that match, the newest first. */
export const filterEvents = (entries: readonly EventEntry[], filter: EventFilter): readonly EventEntry[] => {
  const text = filter.text.trim().toLowerCase();
  const subject = filter.subject.trim().toLowerCase();
  const matches = (entry: EventEntry): boolean =>
    (!filter.type || entry.type === filter.type) &&
    (!filter.topic || entry.topic === filter.topic) &&
    (!subject || entry.subject.toLowerCase().includes(subject)) &&
    (!filter.failedOnly || isFailed(entry)) &&
    (!text || textOf(entry).includes(text));
  return entries.filter(matches).toReversed();
};

/** The names there are, for a choice. */
export const namesOf = (entries: readonly EventEntry[], name: 'type' | 'topic'): readonly string[] =>
  [...new Set(entries.map((entry) => entry[name]))].toSorted();
