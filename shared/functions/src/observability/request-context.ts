import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** On whose behalf code runs: carried into every event and log line that it writes. */
export interface RequestContext {
  /** The same for everything that one request caused. */
  readonly correlationId: string;
  /** The id of the request or event that is handled. */
  readonly causationId: string;
  /** W3C Trace Context: the current trace and span. */
  readonly traceparent?: string;
  /** The span that caused the current one: of the caller, or of the event that is handled. */
  readonly parent?: string | undefined;
  /** The id of the event that is handled; absent in a request. */
  readonly eventId?: string;
  /** The caller's own log keys, see `LogKeys`. */
  readonly logKeys?: Readonly<Record<string, unknown>>;
  /** Aborts the calls of AWS that are still under way. */
  readonly deadline?: AbortSignal | undefined;
}

/** As much of a context as is known, of an event that is not handled but published or unreadable. */
export type KnownContext = { readonly [Name in keyof RequestContext]?: RequestContext[Name] | undefined };

/**
 * Log keys, each with the member that holds its value: `{ order_id: 'orderId' }`. Every log line of a request or event
 * has them, where the request's path or the event's data has the member.
 */
export type LogKeys = Readonly<Record<string, string>>;

/** @returns the log keys with their values, `undefined` where `source` lacks the member */
export function readLogKeys(keys: LogKeys, source: unknown): Readonly<Record<string, unknown>> {
  const members = source instanceof Object ? source : {};
  const values: Record<string, unknown> = {};
  for (const [key, name] of Object.entries(keys)) values[key] = Reflect.get(members, name);
  return values;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and whatever it awaits, in `context`. */
export function inRequestContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** @throws Error outside of `http` and `consume` */
export function currentRequestContext(): RequestContext {
  const context = requestContext();
  if (context === undefined) {
    throw new Error('No request context: events are only written inside of http() or consume()');
  }
  return context;
}

/** The current context, where there is one. */
export const requestContext = (): RequestContext | undefined => storage.getStore();

/** Options for a call of AWS: it ends at the deadline of the current context, if that has one. */
export function withDeadline(): { abortSignal?: AbortSignal } {
  const deadline = requestContext()?.deadline;
  return deadline ? { abortSignal: deadline } : {};
}

/** A context as log keys, by default the current one; empty outside of one. */
export function requestContextKeys(
  context: KnownContext | undefined = requestContext(),
): Record<string, unknown> {
  if (context === undefined) return {};
  const [, trace_id, span_id] = context.traceparent?.split('-') ?? [];
  const { correlationId: correlation_id, eventId: event_id, logKeys } = context;
  return { correlation_id, event_id, ...logKeys, trace_id, span_id };
}

/** W3C Trace Context, sections 3.2.2.3 and 3.2.2.4: an id of only zeros is invalid, and the header is ignored. */
export const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * A new span as a `traceparent` (W3C Trace Context, section 3.2). Its trace is that of `parent`, else the one that AWS
 * X-Ray has for this invocation, else a new one.
 *
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
export function nextSpan(parent: string | undefined): string {
  // Cut by position: every part of a `traceparent` has its length.
  const span = parent ?? xraySpan() ?? `00-${randomHex(32)}--01`;
  return `${span.slice(0, 36)}${randomHex(16)}${span.slice(-3)}`;
}

/** @returns a `traceparent` without the id of the span */
function xraySpan(): string | undefined {
  const header = process.env._X_AMZN_TRACE_ID ?? '';
  const [found, time, random, sampled = 1] = xrayHeader.exec(header) ?? [];
  return found && `00-${time}${random}--0${sampled}`;
}

const xrayHeader = /Root=1-([\da-f]{8})-([\da-f]{24})(?:.*Sampled=([01]))?/;

/** Random digits in stock: asking the system for random bytes takes far longer than cutting them from a text. */
let stock = '';

function randomHex(length: number): string {
  if (stock.length < length) stock = randomBytes(2048).toString('hex');
  const taken = stock.slice(0, length);
  stock = stock.slice(length);
  return taken;
}
