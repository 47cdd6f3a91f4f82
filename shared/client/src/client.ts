import { type OrderlyApis, orderlyApis, type Problem, type Service } from './apis.ts';
import type { Call, CallOptions } from './call.ts';
import { NoAnswerError, ProblemError } from './errors.ts';

export interface ClientOptions {
  /** Where the services that you call answer, e.g. `{ orders: 'https://orders.example.com' }`. */
  readonly urls: Readonly<Partial<Record<Service, string>>>;
  /** An access token, or a function that gives one before each attempt; none where the APIs are open. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Milliseconds that one attempt may take; default 30,000, the limit of API Gateway. */
  readonly timeoutMs?: number;
  /** Milliseconds from the first attempt after which no other begins; default 20,000. 0 allows a single attempt. */
  readonly retryForMs?: number;
  /** Called before each further attempt, with what was wrong with the one before. */
  readonly onRetry?: (reason: ProblemError | NoAnswerError) => void;
  /** Ends every call and every wait. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** The longest pause before the second attempt, which doubles with each attempt, and the longest of all. */
const BACKOFF_MS = { first: 100, longest: 3_000 };

/**
 * A client of the Orderly APIs: `client.orders.placeOrder({ body, idempotencyKey })`.
 *
 * It repeats a request after 429, 5xx and failures of the network where that is safe: always, but for a POST that takes
 * an idempotency key and has none. It waits with full jitter, and at least as long as `Retry-After` says.
 *
 * A call throws `ProblemError` when the API refuses it, `NoAnswerError` when no answer came, and the signal's reason when
 * it was aborted.
 *
 * @throws TypeError when a URL is not valid
 */
export function orderlyClient(options: ClientOptions): OrderlyApis {
  for (const url of Object.values(options.urls)) new URL(url);
  return orderlyApis((service) => (call, callOptions = {}) => {
    const base = options.urls[service];
    if (base === undefined) throw new TypeError(`The client has no URL of the service ${service}`);
    return send(urlOf(base, call), call, options, callOptions);
  });
}

async function send<Answer>(
  url: string,
  call: Call,
  options: ClientOptions,
  callOptions: CallOptions,
): Promise<Answer> {
  const { retryForMs = 20_000, onRetry } = options;
  const signal = AbortSignal.any([options.signal, callOptions.signal].filter((one) => one !== undefined));
  const mayRepeat = !('idempotencyKey' in call) || call.idempotencyKey !== undefined;
  const deadline = Date.now() + retryForMs;
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const request = { method: call.method, headers: await headersOf(call, options, callOptions), signal };
    const result = await tryOnce<Answer>(url, { ...request, body: bodyOf(call) }, options);
    if (result.outcome === 'answered') return result.answer;
    const { reason, retryAfterMs } = result;
    const again = mayRepeat && (reason.name === 'NoAnswerError' || isPassing(reason.status));
    const longest = Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** attempt);
    const wait = Math.max(Math.random() * longest, retryAfterMs);
    if (!again || Date.now() + wait > deadline) throw reason;
    onRetry?.(reason);
    await pause(wait, signal);
  }
}

type Attempt<Answer> =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  | {
      readonly outcome: 'failed';
      readonly reason: ProblemError | NoAnswerError;
      /** How long the service asks to wait; 0 where it does not say. */
      readonly retryAfterMs: number;
    };

type Request = Required<Pick<RequestInit, 'method' | 'headers' | 'body'>> & { readonly signal: AbortSignal };

async function tryOnce<Answer>(
  url: string,
  request: Request,
  { fetch: fetchAnswer = fetch, timeoutMs = 30_000 }: ClientOptions,
): Promise<Attempt<Answer>> {
  const name = `${request.method} ${url}`;
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetchAnswer(url, { ...request, signal });
    const text = await response.text();
    if (response.ok) return { outcome: 'answered', answer: JSON.parse(text) };
    const reason = new ProblemError(name, response.status, problemIn(response, text));
    return { outcome: 'failed', reason, retryAfterMs: retryAfterMsOf(response) };
  } catch (error) {
    request.signal.throwIfAborted();
    // A success that is no JSON is one, too: it was cut off by a service that is going down.
    const reason = new NoAnswerError(`${name} has no answer: ${messageOf(error)}`, { cause: error });
    return { outcome: 'failed', reason, retryAfterMs: 0 };
  }
}

const isPassing = (status: number): boolean => status === 429 || status >= 500;

function urlOf(base: string, { path, query = {} }: Call): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) fields.set(name, String(value));
  return `${base.replace(/\/+$/, '')}${path}${fields.size > 0 ? `?${fields}` : ''}`;
}

async function headersOf(
  { body, idempotencyKey }: Call,
  { token }: ClientOptions,
  { correlationId, traceparent }: CallOptions,
): Promise<Record<string, string>> {
  const bearer = typeof token === 'function' ? await token() : token;
  return {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

const bodyOf = ({ body }: Call): string | null => (body === undefined ? null : JSON.stringify(body));

/** The problem that an answer shows; API Gateway shows a `message` instead, and a proxy may show anything. */
function problemIn({ headers }: Response, text: string): Partial<Problem> {
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('application/problem+json')) return JSON.parse(text);
  try {
    const { message }: { message?: string } = Object(JSON.parse(text));
    return message === undefined ? {} : { detail: message };
  } catch {
    return {};
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. */
function retryAfterMsOf({ headers }: Response): number {
  const value = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms > 0 ? ms : 0;
}

/** `fetch` says what happened (ECONNREFUSED, ...) only in the cause. By shape: errors may be of another realm. */
function messageOf(error: unknown): string {
  const { message, code, cause }: { message?: string; code?: string; cause?: unknown } = Object(error);
  const own = message || code || String(error);
  return cause === undefined ? own : `${own}: ${messageOf(cause)}`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
