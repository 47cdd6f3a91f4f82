import type { SpanEntry } from '../api.ts';
import { Ring } from './ring.ts';

/** The spans of the latest traces. */
export class SpanHistory {
  readonly #byTrace = new Map<string, SpanEntry[]>();
  readonly #spans: Ring<SpanEntry>;

  constructor(limit = 20_000) {
    this.#spans = new Ring(limit, ({ traceId, spanId }) => {
      const left = this.#byTrace.get(traceId)?.filter((span) => span.spanId !== spanId) ?? [];
      if (left.length === 0) this.#byTrace.delete(traceId);
      else this.#byTrace.set(traceId, left);
    });
  }

  add(span: SpanEntry): void {
    const spans = this.#byTrace.get(span.traceId);
    if (spans === undefined) this.#byTrace.set(span.traceId, [span]);
    else spans.push(span);
    this.#spans.set(span.spanId, span);
  }

  /** By start. */
  ofTraces(traceIds: Iterable<string>): readonly SpanEntry[] {
    return [...new Set(traceIds)]
      .flatMap((traceId) => this.#byTrace.get(traceId) ?? [])
      .sort((a, b) => a.startTime - b.startTime);
  }
}
