import type { SpanEntry } from '../../src/api.ts';

/** Spans without a long silence between them, on one time axis. */
export interface Act {
  readonly startTime: number;
  readonly duration: number;
  /** The silence before it. */
  readonly after: number;
  readonly rows: readonly SpanRow[];
}

export interface SpanRow {
  readonly span: SpanEntry;
  /** How many of its ancestors are in the same act. */
  readonly depth: number;
  /** Of the act's duration, in percent. */
  readonly left: number;
  readonly width: number;
}

/** A silence from which on a new act begins: an order that ships an hour later still shows its milliseconds. */
const SILENCE_MS = 1000;
/** What remains visible of a span that takes no time. */
const LEAST_WIDTH = 0.6;

const endOf = (span: SpanEntry): number => span.startTime + span.duration;

/** The acts of an order in order of time; within an act children follow their parents. */
export const waterfall = (spans: readonly SpanEntry[]): readonly Act[] => {
  const acts: { spans: SpanEntry[]; end: number; after: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.startTime - b.startTime)) {
    const act = acts.at(-1);
    if (act && span.startTime - act.end < SILENCE_MS) {
      act.spans.push(span);
      act.end = Math.max(act.end, endOf(span));
    } else {
      acts.push({ spans: [span], end: endOf(span), after: act ? span.startTime - act.end : 0 });
    }
  }
  return acts.map((act) => layOut(act.spans, act.end, act.after));
};

const layOut = (spans: readonly SpanEntry[], end: number, after: number): Act => {
  const startTime = spans[0]?.startTime ?? 0;
  const duration = end - startTime;
  const percent = (ms: number): number => (duration > 0 ? (ms / duration) * 100 : 100);
  const rows = inTreeOrder(spans).map(({ span, depth }) => {
    const width = Math.max(percent(span.duration), LEAST_WIDTH);
    const left = duration > 0 ? percent(span.startTime - startTime) : 0;
    return { span, depth, left: Math.min(left, 100 - width), width };
  });
  return { startTime, duration, after, rows };
};

const inTreeOrder = (spans: readonly SpanEntry[]): readonly { span: SpanEntry; depth: number }[] => {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, SpanEntry[]>();
  for (const span of spans) {
    const parent = span.parentSpanId && ids.has(span.parentSpanId) ? span.parentSpanId : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: { span: SpanEntry; depth: number }[] = [];
  const seen = new Set<string>();
  const add = (span: SpanEntry, depth: number): void => {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    rows.push({ span, depth });
    for (const child of children.get(span.spanId) ?? []) add(child, depth + 1);
  };
  for (const root of children.get('') ?? []) add(root, 0);
  // Spans whose parents form a circle have no root.
  for (const span of spans) add(span, 0);
  return rows;
};

/** The rows that failed, with their ancestors: where in the flow it happened. */
export const onlyFailed = (spans: readonly SpanEntry[]): readonly SpanEntry[] => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const kept = new Set<SpanEntry>();
  for (const failed of spans.filter((span) => span.outcome === 'error')) {
    let span: SpanEntry | undefined = failed;
    while (span && !kept.has(span)) {
      kept.add(span);
      span = span.parentSpanId ? byId.get(span.parentSpanId) : undefined;
    }
  }
  return spans.filter((span) => kept.has(span));
};

/** At most six round moments of an axis of this length, from 0. */
export const ticks = (duration: number): readonly number[] => {
  if (duration <= 0) return [0];
  const rough = duration / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, n) => n * step);
};
