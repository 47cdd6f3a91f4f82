import { STATUS_CODES } from 'node:http';
import { served } from '#cloud/http';
import { log } from '../observability/log.ts';
import { flushMetrics } from '../observability/metrics.ts';
import {
  inRequestContext,
  type LogKeys,
  nextSpan,
  type RequestContext,
  readLogKeys,
  traceparentPattern,
} from '../observability/request-context.ts';
import { beginSpan } from '../observability/span.ts';
import { problemNamespace } from '../project.ts';
import { isThrottle, isTransient } from '../retry.ts';
import type { Answer, EdgeRequest } from './edge.ts';
import { internalError, notAllowed, notFound, Problem, tryLater } from './problem.ts';
import { type HttpRequest, type RouteInput, readRequest } from './request.ts';
import { requestLimit } from './request-limit.ts';

/**
 * The headers of every answer: no cache stores it, and browsers treat it as data only.
 * https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export interface HttpAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a body. */
export const ok = (body: unknown): HttpAnswer => ({ status: 200, body });

/** 201 with the new resource and its location. */
export const created = (location: string, body: unknown): HttpAnswer => ({
  status: 201,
  body,
  headers: { location },
});

/** 202 with what was accepted: it happens later. */
export const accepted = (body: unknown): HttpAnswer => ({ status: 202, body });

export interface RouteOptions<Path, Query, Body> extends RouteInput<Path, Query, Body> {
  /** By log key, the path parameter whose value every log line of the request has. */
  readonly logKeys?: LogKeys;
}

/**
 * A function behind an HTTP API: `http({ path: OrderPath }, async ({ path }) => ok(...))`.
 *
 * It parses the request by the route's schemas, runs `handle`, and answers JSON. Every answer has the `securityHeaders`,
 * and `x-request-id`: the id of the invocation in the log. Every error is answered as RFC 9457 problem details: a
 * `Problem` as it is, throttling as 429, an unavailable dependency as 503 (at the latest after `requestLimit`), both with
 * `Retry-After`, and anything else as a 500 that shows no internals.
 */
export function http<Path = undefined, Query = undefined, Body = undefined>(
  { logKeys, ...input }: RouteOptions<Path, Query, Body>,
  handle: (request: HttpRequest<Path, Query, Body>) => Promise<HttpAnswer>,
) {
  return served(answering(async (request) => handle(readRequest(input, request)), logKeys));
}

/**
 * A function for the route `$default`. It answers an unknown path with 404, another method on a known path with 405 and
 * `Allow` (RFC 9110, section 15.5.6), and OPTIONS on a known path with 204 and `Allow` (section 9.3.7).
 *
 * API Gateway routes the preflight requests of browsers here as well, even where CORS is configured, and adds its CORS
 * headers to the answer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 *
 * @param methods the allowed methods by route path as serverless.yml spells it, e.g. `/orders/{orderId}`
 */
export function fallback(methods: Readonly<Record<string, readonly string[]>>) {
  const routes = Object.entries(methods).map(([path, allowed]) => ({
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    allowed,
  }));
  const answer = answering(async ({ path, method }) => {
    const route = routes.find(({ pattern }) => pattern.test(path));
    if (route === undefined) throw notFound('route-not-found', 'There is nothing at this path');
    if (method !== 'OPTIONS') throw notAllowed(method, route.allowed);
    return { status: 204, headers: { allow: route.allowed.join(', ') } };
  });
  return served(answer);
}

function answering(respond: (request: EdgeRequest) => Promise<HttpAnswer>, logKeys: LogKeys = {}): Answer {
  return async (request, requestId) => {
    const answer = await inRequestContext(contextOf(request, requestId, logKeys), async () => {
      const endSpan = beginSpan?.('server', ...spanOf(request));
      let failure: unknown;
      try {
        const answer = await respond(request).catch((error: unknown) => {
          failure = error;
          return problemAnswer(asProblem(error), requestId);
        });
        const { status } = answer;
        endSpan?.(status < 500 ? undefined : (failure ?? status), { 'http.response.status_code': status });
        return answer;
      } finally {
        flushMetrics();
      }
    });
    return {
      status: answer.status,
      headers: {
        ...(answer.body !== undefined && { 'content-type': 'application/json' }),
        ...answer.headers,
        ...securityHeaders,
        'x-request-id': requestId,
      },
      ...(answer.body === undefined ? {} : { body: JSON.stringify(answer.body) }),
    };
  };
}

/** An `x-correlation-id` of another form is ignored. */
export const correlationIdPattern = /^[\w.:-]{1,128}$/;

function contextOf(
  { headers, pathParameters }: EdgeRequest,
  requestId: string,
  logKeys: LogKeys,
): RequestContext {
  const correlation = headers['x-correlation-id'] ?? '';
  const traceparent = headers.traceparent ?? '';
  const parent = traceparentPattern.test(traceparent) ? traceparent : undefined;
  return {
    correlationId: correlationIdPattern.test(correlation) ? correlation : requestId,
    causationId: requestId,
    traceparent: nextSpan(parent),
    parent,
    logKeys: readLogKeys(logKeys, pathParameters),
    deadline: AbortSignal.timeout(requestLimit.ms),
  };
}

/** Name and attributes: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span */
function spanOf({ method, route, path }: EdgeRequest) {
  const [, routePath] = route?.split(' ') ?? [];
  const attributes = { 'http.request.method': method, 'http.route': routePath, 'url.path': path };
  return [route ?? method, attributes] as const;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const transient = isTransient(error);
  log[transient ? 'warn' : 'error']('Request failed', { error });
  if (!transient) return internalError();
  return tryLater(error instanceof Error && isThrottle(error) ? 429 : 503);
}

function problemAnswer(problem: Problem, requestId: string): HttpAnswer {
  const { status, code, headers } = problem;
  log.info('Request refused', { status, code });
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: showProblem(problem, requestId),
  };
}

/** A problem as callers see it: RFC 9457, section 3.1, with the members `errors` and `requestId`. */
export function showProblem({ status, code, detail, errors }: Problem, requestId: string) {
  const type = `${problemNamespace}${code}`;
  return { type, title: STATUS_CODES[status], status, detail, errors, requestId };
}
