import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What is being done on whose behalf: carried into every event and log line that comes of it. */
export interface RequestContext {
  /** The same for everything that one request set off. */
  readonly correlationId: string;
  /** The request or event that is being handled. */
  readonly causationId: string;
  /** W3C Trace Context: the trace, and the span that this is of it. */
  readonly traceparent?: string;
  /** The event that is being handled. */
  readonly eventId?: string;
  /** The order that it is about, as far as that is known from the outside. */
  readonly orderId?: unknown;
  /** Ends the calls of AWS that are still under way. */
  readonly deadline?: AbortSignal;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` as part of `flow`; whatever it awaits is part of it too. */
export function inRequestContext<T>(flow: RequestContext, work: () => T): T {
  return storage.run(flow, work);
}

/** The flow this code runs in. @throws Error outside of `http` and `consume` */
export function currentRequestContext(): RequestContext {
  const flow = storage.getStore();
  if (flow === undefined) throw new Error('No flow: events are only written inside of http() or consume()');
  return flow;
}

/** How a call of AWS is sent: with the deadline of the current flow, where it has one. */
export function inTime(): { abortSignal?: AbortSignal } {
  const deadline = storage.getStore()?.deadline;
  return deadline ? { abortSignal: deadline } : {};
}

/** The current flow as log keys; nothing outside of a flow. */
export function requestContextKeys(): Record<string, unknown> {
  const flow = storage.getStore();
  if (flow === undefined) return {};
  const [, trace_id, span_id] = flow.traceparent?.split('-') ?? [];
  const { correlationId: correlation_id, eventId: event_id, orderId: order_id } = flow;
  return { correlation_id, event_id, order_id, trace_id, span_id };
}

/**
 * A new span, as a `traceparent` (W3C Trace Context, section 3.2): of the trace of `parent`; without one, of the trace
 * that AWS X-Ray has for this invocation; else of a new one.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
export function nextSpan(parent: string | undefined): string {
  // Cut by position: every part of a `traceparent` has its length.
  const span = parent ?? xraySpan() ?? `00-${newTraceId()}--01`;
  return `${span.slice(0, 36)}${newSpanId()}${span.slice(-3)}`;
}

/** As a `traceparent` without the id of a span. */
function xraySpan(): string | undefined {
  const header = process.env._X_AMZN_TRACE_ID ?? '';
  const [found, time, random, sampled = 1] = xrayHeader.exec(header) ?? [];
  return found && `00-${time}${random}--0${sampled}`;
}

const xrayHeader = /Root=1-([\da-f]{8})-([\da-f]{24})(?:.*Sampled=([01]))?/;

// Node makes UUIDs from a pool of random bytes; `randomBytes` asks the system each time, which takes far longer.
const newTraceId = () => randomUUID().replaceAll('-', '');

/** The digits of a UUID in which there is no version and no variant (RFC 9562, section 5.4). */
function newSpanId(): string {
  const uuid = randomUUID();
  return `${uuid.slice(-12)}${uuid.slice(0, 4)}`;
}
