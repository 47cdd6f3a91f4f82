import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanLine } from './span-line.ts';

export interface SpanExport {
  /** Exports a span soon. While the receiver does not answer, some thousand spans wait, and later ones are dropped. */
  add(line: SpanLine): void;
  /** Exports what waits, for a few seconds at most. */
  stop(): Promise<void>;
}

/** In milliseconds: how long spans wait for others, and how long for the receiver. */
const delayMs = 1_000;
const timeoutMs = 3_000;

/**
 * Exports spans by OTLP over HTTP, as JSON.
 *
 * OTEL_EXPORTER_OTLP_HEADERS holds what a receiver wants beside, such as a token.
 *
 * @param endpoint the value of OTEL_EXPORTER_OTLP_ENDPOINT: the URL of a receiver, without `/v1/traces`
 * @param warn is called when an export fails, and not again until one succeeds
 * @throws TypeError when the endpoint is no URL
 */
export function startSpanExport(
  endpoint: string,
  warn: (message: string) => void = console.warn,
): SpanExport {
  // https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).href;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: timeoutMs });
  const processor = new BatchSpanProcessor(warning(exporter, url, warn), {
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: timeoutMs,
  });
  const resources = new Map<string, Resource>();
  const resourceOf = (service: string): Resource => {
    const resource = resources.get(service) ?? resourceFromAttributes({ 'service.name': service });
    resources.set(service, resource);
    return resource;
  };
  return {
    add: (line) => processor.onEnd(toSpan(line, resourceOf(line.service))),
    // A receiver that is gone must not keep the platform from its end.
    stop: () => processor.shutdown().catch(() => undefined),
  };
}

function warning(exporter: SpanExporter, url: string, warn: (message: string) => void): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !isFailing) {
          warn(`${url} accepts no spans (${result.error.message}); OTEL_EXPORTER_OTLP_ENDPOINT names it`);
        }
        isFailing = result.error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

const kinds: Readonly<Record<SpanLine['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** A span as OpenTelemetry's SDK hands it to an exporter. */
function toSpan(line: SpanLine, resource: Resource): ReadableSpan {
  const { name, kind, traceId, spanId, parentSpanId, startTime, duration, outcome, error, attributes } = line;
  const contextOf = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    kind: kinds[kind],
    spanContext: () => contextOf(spanId),
    ...(parentSpanId !== undefined && { parentSpanContext: contextOf(parentSpanId) }),
    startTime: timeOf(startTime),
    endTime: timeOf(startTime + duration),
    duration: timeOf(duration),
    status:
      outcome === 'ok'
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, ...(error !== undefined && { message: error }) },
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]),
    ),
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'orderly' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds; of milliseconds since 1970 a number holds no more than microseconds. */
function timeOf(milliseconds: number): HrTime {
  const microseconds = Math.round(milliseconds * 1_000);
  const seconds = Math.floor(microseconds / 1_000_000);
  return [seconds, (microseconds - seconds * 1_000_000) * 1_000];
}
