import { isUtf8 } from 'node:buffer';
import { type Issue, parse, parseJson, type Schema } from '@orderly/contracts';
import * as v from 'valibot';
import { type Caller, callerOf } from './caller.ts';
import type { EdgeRequest } from './edge.ts';
import { bodyTooLarge, invalid, malformedJson, maxIssues, unsupportedMediaType } from './problem.ts';
import { type Described, excessOf, noMembers } from './unknown-members.ts';

/**
 * The largest accepted body, in bytes. It fits the largest order that the other limits allow, in UTF-8 without escapes
 * and white space: 2,000 lines whose SKUs are 64 characters of four bytes, and metadata.
 */
export const maxBodyBytes = 640 * 1024;

/** What a route accepts. Anything else in a request is refused by name, so that nothing is ignored silently. */
export interface RouteInput<Path, Query, Body> {
  readonly path?: Schema<Path>;
  readonly query?: Schema<Query>;
  /** A JSON body. A route without this accepts no body, or an empty object. */
  readonly body?: Schema<Body>;
}

export interface HttpRequest<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The `Idempotency-Key` header, 1 to 255 visible ASCII characters, where the caller sent one. */
  readonly idempotencyKey: string | undefined;
  /** `undefined` in a stage with open APIs. */
  readonly caller: Caller | undefined;
}

/** The value of an `Idempotency-Key` header. */
export const IdempotencyKey = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,255}$/, 'An Idempotency-Key is 1 to 255 visible ASCII characters'),
);

const Headers = v.object({ 'idempotency-key': v.optional(IdempotencyKey) });

/**
 * Parses a request by the route's schemas.
 *
 * @throws Problem 400 with the issues of all parts, 401, 413 or 415
 */
export function readRequest<Path, Query, Body>(
  input: RouteInput<Path, Query, Body>,
  request: EdgeRequest,
): HttpRequest<Path, Query, Body> {
  const caller = callerOf(request);
  const issues: Issue[] = [];
  const read = <T>(part: string, schema: Schema<T> | undefined, content: unknown): T => {
    // A part that the route does not name has the type `undefined`, and must be empty.
    const described: Described = schema ?? noMembers;
    const { issues: unknown, tooLong } = excessOf(described, content, `/${part}`, maxIssues);
    issues.push(...unknown);
    if (schema === undefined || tooLong) return undefined as T;
    const parsed = parse(schema, content);
    if (parsed.outcome === 'valid') return parsed.value;
    const named = new Set(unknown.map(({ path }) => path));
    const wrong = parsed.issues.map(({ path, message }) => ({ path: `/${part}${path}`, message }));
    issues.push(...wrong.filter(({ path }) => !named.has(path)));
    return undefined as T;
  };
  const accepted = {
    path: read('path', input.path, input.path && (request.pathParameters ?? {})),
    query: read('query', input.query, request.query ?? {}),
    body: read('body', input.body, input.body === undefined ? readNoBody(request) : readBody(request)),
    idempotencyKey: idempotencyKeyOf(request, issues),
    caller,
  };
  if (issues.length > 0) throw invalid(issues);
  return accepted;
}

function readBody(request: EdgeRequest): unknown {
  const body = request.body();
  if (body.length > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
  const contentType = request.headers['content-type'] ?? '';
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType)) throw unsupportedMediaType();
  // RFC 8259, section 8.1: JSON is UTF-8. Decoding anything else would silently change what was sent.
  const json = isUtf8(body) ? parseJson(body.toString('utf8')) : undefined;
  if (json?.outcome !== 'valid') throw malformedJson();
  return json.value;
}

/** The body of a route that accepts none: some clients cannot omit it, and send `{}`. */
function readNoBody(request: EdgeRequest): unknown {
  const body = request.body();
  const text = body.toString('utf8').trim();
  const json = body.length > maxBodyBytes ? undefined : parseJson(text === '' ? '{}' : text);
  if (json?.outcome === 'valid' && json.value instanceof Object && !Array.isArray(json.value))
    return json.value;
  throw invalid([{ path: '/body', message: 'This route takes no body' }]);
}

function idempotencyKeyOf({ headers }: EdgeRequest, issues: Issue[]): string | undefined {
  const parsed = parse(Headers, headers);
  if (parsed.outcome === 'valid') return parsed.value['idempotency-key'];
  issues.push(...parsed.issues.map(({ path, message }) => ({ path: `/headers${path}`, message })));
  return undefined;
}
