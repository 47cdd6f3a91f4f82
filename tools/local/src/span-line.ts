import { parse } from '@orderly/contracts';
import * as v from 'valibot';

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

const spanLine = v.object({
  type: v.literal('span'),
  service: v.string(),
  name: v.string(),
  kind: v.picklist(['server', 'consumer', 'producer', 'client', 'internal']),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: v.exactOptional(hex(16)),
  startTime: v.number(),
  duration: v.number(),
  outcome: v.picklist(['ok', 'error']),
  error: v.exactOptional(v.string()),
  attributes: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])),
});

/** A span as a function writes it (shared/functions/src/observability/span.ts): Unix milliseconds and milliseconds. */
export type SpanLine = Readonly<Omit<v.InferOutput<typeof spanLine>, 'type'>>;

/** @returns undefined for a line that is no span */
export const readSpanLine = (line: string): SpanLine | undefined => {
  // Other lines are the many: they are not parsed twice.
  if (!line.startsWith('{') || !line.includes('"type":"span"')) return undefined;
  try {
    const read = parse(spanLine, JSON.parse(line));
    if (read.outcome === 'invalid') return undefined;
    const { type: _, ...span } = read.value;
    return span;
  } catch {
    return undefined;
  }
};
