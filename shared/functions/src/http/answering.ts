import { STATUS_CODES } from 'node:http';
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
import { internalError, Problem, tryLater } from './problem.ts';
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

/**
 * Answers a request, whatever happens: a `Problem` as it is, and any other error as the problem that it shows outside.
 *
 * @param logKeys by log key, the path parameter whose value every log line of the request has
 */
export function answering(
  respond: (request: EdgeRequest) => Promise<HttpAnswer>,
  logKeys: LogKeys = {},
): Answer {
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
