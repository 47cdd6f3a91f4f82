import { served } from '#cloud/http';
import type { LogKeys } from '../observability/request-context.ts';
import { answering, type HttpAnswer } from './answering.ts';
import { notAllowed, notFound } from './problem.ts';
import { type HttpRequest, type RouteInput, readRequest } from './request.ts';

export { correlationIdPattern, type HttpAnswer, securityHeaders, showProblem } from './answering.ts';

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
