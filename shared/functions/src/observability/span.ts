import { invocationAttributes } from '#cloud/invocation';
import { leveled, writeLine } from '#cloud/lines';
import { maskPersonal } from './mask.ts';
import {
  type KnownContext,
  nextSpan,
  type RequestContext,
  requestContext,
  requestContextKeys,
} from './request-context.ts';

/** By the names of OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/ */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
type SpanKind = 'server' | 'consumer' | 'producer' | 'client';

/** Ends a span and writes its line. With an error its outcome is `error`. */
export type EndSpan = (error?: unknown, more?: SpanAttributes) => void;

const {
  ORDERLY_TRACE_SPANS,
  POWERTOOLS_SERVICE_NAME: service,
  AWS_LAMBDA_LOG_LEVEL: level = 'INFO',
} = process.env;
const isOn = ORDERLY_TRACE_SPANS === 'true';

// Where spans are off, nothing mentions `performance`: that alone makes Node.js load seven modules for it.
let origin = isOn ? performance.timeOrigin : 0;
const now = () => origin + performance.now();

/** The clock of `performance` stands still while Lambda freezes a container or a laptop sleeps. */
function wakeClock(): void {
  if (Math.abs(Date.now() - now()) > 2) origin = Date.now() - performance.now();
}

/** Microseconds are enough. */
const rounded = (milliseconds: number) => Number(milliseconds.toFixed(3));

/**
 * Begins the span of `context`; its parent is `context.parent`. The caller ends it in any case.
 *
 * `undefined` where spans are off, so that `beginSpan?.(...)` costs nothing there.
 */
export const beginSpan = isOn ? begin : undefined;

function begin(
  kind: SpanKind,
  name: string,
  attributes: SpanAttributes,
  context: KnownContext = requestContext() ?? {},
): EndSpan {
  wakeClock();
  const startTime = now();
  const { trace_id: traceId, span_id: spanId, ...keys } = requestContextKeys(context);
  const known = { ...attributes, ...invocationAttributes(), ...keys };
  return (error, more) => {
    const line = {
      // As a line of metrics, so that Lambda writes it at every log level.
      ...leveled(level),
      type: 'span',
      service,
      name,
      kind,
      traceId,
      spanId,
      parentSpanId: context.parent?.split('-')[2],
      startTime: rounded(startTime),
      duration: rounded(now() - startTime),
      outcome: error === undefined ? 'ok' : 'error',
      error: error && String(error),
      attributes: { ...known, ...more },
    };
    writeLine(JSON.stringify(line, maskPersonal));
  };
}

/**
 * Runs an outgoing call in a span, where spans are on and it belongs to a request or an event.
 *
 * @param isAnswer whether an error is an answer, as in HTTP a 404
 */
export async function inClientSpan<T>(
  name: string,
  attributes: SpanAttributes,
  call: () => Promise<T>,
  isAnswer: (error: unknown) => error is Error = isNever,
): Promise<T> {
  const context = requestContext();
  const end = context && beginSpan?.('client', name, attributes, childOf(context));
  try {
    const result = await call();
    end?.();
    return result;
  } catch (error) {
    if (isAnswer(error)) end?.(undefined, { 'orderly.refused': error.name });
    else end?.(error);
    throw error;
  }
}

const childOf = (context: RequestContext): RequestContext => ({
  ...context,
  traceparent: nextSpan(context.traceparent),
  parent: context.traceparent,
});

const isNever = (_error: unknown): _error is never => false;
