import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { type Issue, parse, parseJson, type Schema } from '@orderly/contracts';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as v from 'valibot';
import { requestLimit } from '../aws-client.ts';
import { environment } from '../env.ts';
import { beginInvocation, log } from '../observability/log.ts';
import { flushMetrics } from '../observability/metrics.ts';
import { inRequestContext, nextSpan, type RequestContext } from '../observability/request-context.ts';
import { isThrottle, isTransient } from '../retry.ts';
import {
  bodyTooLarge,
  internalError,
  invalid,
  invalidToken,
  malformedJson,
  maxIssues,
  notAllowed,
  notFound,
  Problem,
  tryLater,
  unsupportedMediaType,
} from './problem.ts';
import { type Described, excessOf, noMembers } from './unknown-members.ts';

/** Empty where the stage is open. Otherwise a request without claims has come past the authorizer. */
const { JWT_ISSUER: issuer } = environment({ JWT_ISSUER: v.optional(v.string(), '') });

/**
 * The largest body that is accepted, in bytes. The largest order that the other limits allow fits, in UTF-8 without
 * escapes and blanks: 2,000 lines whose SKUs are 64 characters of four bytes, and metadata.
 */
export const maxBodyBytes = 640 * 1024;

/**
 * The headers of every answer: nobody caches it, and a browser takes it for nothing but data.
 * https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What a route takes; what it does not name is refused by name, so that nothing of a request is dropped silently. */
export interface RouteInput<Path, Query, Body> {
  readonly path?: Schema<Path>;
  readonly query?: Schema<Query>;
  /** A JSON body; a route without it takes none, or an empty object. */
  readonly body?: Schema<Body>;
}

export interface HttpRequest<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The `Idempotency-Key` header, 1 to 255 visible ASCII characters, where the caller sent one. */
  readonly idempotencyKey: string | undefined;
  /** Who asks; `undefined` in a stage whose APIs are open. */
  readonly caller: Caller | undefined;
}

/** What a token says that API Gateway has verified. */
export interface Caller {
  readonly sub: string;
  readonly scopes: ReadonlySet<string>;
  /** The e-mail address that the issuer has verified, where the token has one. */
  readonly email?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a body. */
export const ok = (body: unknown): HttpAnswer => ({ status: 200, body });

/** 201 with the new resource and where it is. */
export const created = (location: string, body: unknown): HttpAnswer => ({
  status: 201,
  body,
  headers: { location },
});

/**
 * A function behind API Gateway (HTTP API, payload 2.0). Parses the request by the route's schemas, runs
 * `handle`, and answers JSON; every error becomes RFC 9457 problem details, and every answer carries
 * `x-request-id`, the id of the invocation in the log, and the `securityHeaders`.
 *
 * `Problem`s that `handle` throws are answered as they are; throttling is 429 and an unavailable dependency
 * 503, both with `Retry-After`, the latter at the latest after `requestLimit`; anything else is a 500 that tells nothing of the inside.
 */
export function http<Path = undefined, Query = undefined, Body = undefined>(
  input: RouteInput<Path, Query, Body>,
  handle: (request: HttpRequest<Path, Query, Body>) => Promise<HttpAnswer>,
) {
  return answering(async (event) => handle(readRequest(input, event)));
}

function answering(respond: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>) {
  return async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const { awsRequestId: requestId } = context;
    beginInvocation(context);
    const answer = await inRequestContext(contextOf(event, requestId), async () => {
      try {
        return await respond(event);
      } catch (error) {
        return problemAnswer(asProblem(error), requestId);
      } finally {
        flushMetrics();
      }
    });
    return {
      statusCode: answer.status,
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

/**
 * Answers what no other route takes (`$default`): an unknown path with 404, another method on a known path with 405 and
 * `Allow` (RFC 9110, section 15.5.6), and OPTIONS on a known path with 204 and `Allow` (section 9.3.7).
 *
 * API Gateway sends the preflight requests of browsers here, too, also where CORS is configured, and adds its CORS headers
 * to the answer: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 *
 * @param methods the allowed methods by route path as serverless.yml spells it, e.g. `/orders/{orderId}`
 */
export function fallback(methods: Readonly<Record<string, readonly string[]>>) {
  const routes = Object.entries(methods).map(([path, allowed]) => ({
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    allowed,
  }));
  return answering(async ({ rawPath, requestContext: { http } }) => {
    const route = routes.find(({ pattern }) => pattern.test(rawPath));
    if (route === undefined) throw notFound('route-not-found', 'There is nothing at this path');
    if (http.method !== 'OPTIONS') throw notAllowed(http.method, route.allowed);
    return { status: 204, headers: { allow: route.allowed.join(', ') } };
  });
}

/** What an `Idempotency-Key` header holds. */
export const IdempotencyKey = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,255}$/, 'An Idempotency-Key is 1 to 255 visible ASCII characters'),
);

const Headers = v.object({ 'idempotency-key': v.optional(IdempotencyKey) });

function readRequest<Path, Query, Body>(
  input: RouteInput<Path, Query, Body>,
  event: APIGatewayProxyEventV2,
): HttpRequest<Path, Query, Body> {
  const caller = callerOf(event);
  const issues: Issue[] = [];
  const read = <T>(part: string, schema: Schema<T> | undefined, content: unknown): T => {
    // A route that does not name a part has `undefined` as its type, and takes nothing there.
    const described: Described = schema ?? noMembers;
    const { issues: unknown, tooLong } = excessOf(described, content, `/${part}`, maxIssues);
    issues.push(...unknown);
    if (schema === undefined || tooLong) return undefined as T;
    const parsed = parse(schema, content);
    if (parsed.ok) return parsed.value;
    const named = new Set(unknown.map(({ path }) => path));
    const wrong = parsed.issues.map(({ path, message }) => ({ path: `/${part}${path}`, message }));
    issues.push(...wrong.filter(({ path }) => !named.has(path)));
    return undefined as T;
  };
  const request = {
    path: read('path', input.path, input.path && (event.pathParameters ?? {})),
    query: read('query', input.query, event.queryStringParameters ?? {}),
    body: read('body', input.body, input.body === undefined ? readNoBody(event) : readBody(event)),
    idempotencyKey: idempotencyKeyOf(event, issues),
    caller,
  };
  if (issues.length > 0) throw invalid(issues);
  return request;
}

function idempotencyKeyOf({ headers }: APIGatewayProxyEventV2, issues: Issue[]): string | undefined {
  const parsed = parse(Headers, headers);
  if (parsed.ok) return parsed.value['idempotency-key'];
  issues.push(...parsed.issues.map(({ path, message }) => ({ path: `/headers${path}`, message })));
  return undefined;
}

/** The claims as API Gateway gives them, all as text: a list of scopes as `[one other]`, or as `one other`. */
const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  scope: v.optional(v.string(), ''),
  scp: v.optional(v.string(), ''),
  email: v.optional(v.unknown()),
  // OpenID Connect Core 1.0, section 5.1: a boolean, which API Gateway hands on as text.
  email_verified: v.optional(v.unknown()),
});

function callerOf({ requestContext }: APIGatewayProxyEventV2): Caller | undefined {
  // Its type has no authorizer: a route may have none.
  const { authorizer } = requestContext as {
    readonly authorizer?: { readonly jwt?: { readonly claims?: unknown } };
  };
  const claims = authorizer?.jwt?.claims;
  if (claims === undefined && issuer === '') return undefined;
  const parsed = parse(Claims, claims);
  if (!parsed.ok) throw invalidToken();
  const { sub, scope, scp, email, email_verified: verified } = parsed.value;
  return {
    sub,
    scopes: new Set(`${scope} ${scp}`.match(/[^\s[\]]+/g)),
    ...(typeof email === 'string' && String(verified) === 'true' && { email }),
  };
}

function bytesOf({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  // serverless-offline says null where API Gateway leaves it out.
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** What was sent to a route that takes no body. Some clients cannot leave it out, and send `{}`. */
function readNoBody(event: APIGatewayProxyEventV2): unknown {
  const body = bytesOf(event);
  const text = body.toString('utf8').trim();
  const json = body.length > maxBodyBytes ? undefined : parseJson(text === '' ? '{}' : text);
  if (json?.ok && json.value instanceof Object && !Array.isArray(json.value)) return json.value;
  throw invalid([{ path: '/body', message: 'This route takes no body' }]);
}

function readBody(event: APIGatewayProxyEventV2): unknown {
  const body = bytesOf(event);
  if (body.length > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
  const contentType = event.headers['content-type'] ?? '';
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType)) throw unsupportedMediaType();
  // RFC 8259, section 8.1: JSON is UTF-8. Decoding anything else would quietly change what was sent.
  const json = isUtf8(body) ? parseJson(body.toString('utf8')) : undefined;
  if (!json?.ok) throw malformedJson();
  return json.value;
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
  const type = `urn:orderly:problem:${code}`;
  return { type, title: STATUS_CODES[status], status, detail, errors, requestId };
}

/** An `x-correlation-id` of another form is ignored. */
export const correlationIdPattern = /^[\w.:-]{1,128}$/;

/** W3C Trace Context, sections 3.2.2.3 and 3.2.2.4: an id of zeros only is none, and is to be ignored. */
export const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

function contextOf({ headers, pathParameters }: APIGatewayProxyEventV2, requestId: string): RequestContext {
  const correlation = headers['x-correlation-id'] ?? '';
  const traceparent = headers.traceparent ?? '';
  return {
    correlationId: correlationIdPattern.test(correlation) ? correlation : requestId,
    causationId: requestId,
    traceparent: nextSpan(traceparentPattern.test(traceparent) ? traceparent : undefined),
    orderId: pathParameters?.orderId,
    deadline: AbortSignal.timeout(requestLimit.ms),
  };
}
