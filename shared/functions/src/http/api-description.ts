import { type Issue, parse } from '@orderly/contracts';
import * as v from 'valibot';
import { problemNamespace } from '../project.ts';
import type { showProblem } from './handler.ts';
import { pageFields } from './page.ts';
import {
  bodyTooLarge,
  internalError,
  invalid,
  invalidToken,
  malformedJson,
  notAllowed,
  type Problem,
  tryLater,
  unsupportedMediaType,
} from './problem.ts';
import { maxBodyBytes } from './request.ts';

/**
 * The description of a service's API, from which docs/reference/openapi/<service>.yaml is generated. It refers to the
 * schemas that the functions check requests with and to the problems that they throw, so it cannot differ from them.
 * No function imports it.
 */
export interface ApiDescription {
  readonly title: string;
  /** The version of the API, not of the code: semantic versioning. */
  readonly version: string;
  readonly description: string;
  /** Its base URL on a developer's machine. */
  readonly url: string;
  /** The groups of routes, each with a sentence. */
  readonly tags: Readonly<Record<string, string>>;
  /** The schemas of requests and answers, by their names in the document. */
  readonly schemas: Readonly<Record<string, DescribedSchema>>;
  readonly routes: readonly RouteDescription[];
}

export interface DescribedSchema {
  readonly schema: v.GenericSchema;
  /** Needed where the schema has none of its own. */
  readonly description?: string;
  readonly example?: unknown;
}

export interface RouteDescription {
  /** As in serverless.yml, e.g. `POST /orders/{orderId}/cancel`. */
  readonly route: string;
  /** The name of the function. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: DescribedBody;
  /** The effect of a repeat with the same `Idempotency-Key`, where the route takes one. */
  readonly repeats?: string;
  readonly answers: readonly AnswerDescription[];
  /** The problems of this route only; `problemsOf` adds those of every route. */
  readonly problems?: readonly ProblemDescription[];
}

type ObjectSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** A schema that `schemas` names, and an example of such a body. */
export interface DescribedBody {
  readonly schema: v.GenericSchema;
  readonly example: unknown;
}

export interface AnswerDescription extends DescribedBody {
  /** A 201 has a `Location`. */
  readonly status: 200 | 201 | 202;
  readonly description: string;
  /** The `Location` of the example, for a 201. */
  readonly location?: string;
}

export interface ProblemDescription {
  readonly when: string;
  /** An example, made by the function that the code throws it with. */
  readonly example: Problem;
}

/**
 * The schema of an answer, bound to the type that the functions answer with:
 * `answerOf<ReturnType<typeof showOrder>>()({ ... })` compiles only while both have the same fields and values.
 */
export function answerOf<Answer extends object>() {
  return <Entries extends Record<keyof Answer, v.GenericSchema>>(
    entries: Entries & Covering<Answer, Entries>,
  ) => v.object<Entries>(entries);
}

type Covering<Answer, Entries extends v.ObjectEntries> = [Exclude<keyof Entries, keyof Answer>] extends [
  never,
]
  ? Answer extends v.InferOutput<v.ObjectSchema<Entries, undefined>>
    ? unknown
    : never
  : never;

/** An opaque position in a list. */
export const Cursor = pageFields.cursor.wrapped;

/** The schema of one page of a list, as `answerPage` answers it. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), nextCursor: v.optional(Cursor) });

export const IssueBody = answerOf<Issue>()({ path: v.string(), message: v.string() });

/** With a title, which `showProblem` has for each status that is answered. */
export const ProblemBody = answerOf<ReturnType<typeof showProblem> & { readonly title: string }>()({
  type: v.pipe(v.string(), v.regex(new RegExp(`^${problemNamespace}[a-z]+(-[a-z]+)*$`))),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  detail: v.string(),
  errors: v.optional(v.pipe(v.array(IssueBody), v.readonly())),
  requestId: v.string(),
});

/** Problems that every route can answer with. */
const edge = {
  invalid: {
    when: 'The request is invalid. `errors` lists the faults; each `path` is a JSON Pointer into the request',
    example: invalid([{ path: '/query/limit', message: 'A limit is a whole number from 1 to 100' }]),
  },
  malformed: { when: 'The body is not JSON in UTF-8', example: malformedJson() },
  tooLarge: { when: `The body is larger than ${maxBodyBytes} bytes`, example: bodyTooLarge(maxBodyBytes) },
  mediaType: {
    when: 'The content type of the body is not `application/json`',
    example: unsupportedMediaType(),
  },
  token: { when: 'The token does not name the caller', example: invalidToken() },
  method: {
    when: 'The path does not support the method; `Allow` lists those that it does',
    example: notAllowed('PATCH', ['GET', 'POST']),
  },
  throttled: {
    when:
      'Too many requests: repeat the request later. When API Gateway answers so itself, the body is ' +
      '`{ "message": "Too Many Requests" }` and the headers are missing',
    example: tryLater(429),
  },
  internal: { when: 'An internal error', example: internalError() },
  unavailable: {
    when: 'A part of the platform is unavailable: repeat the request later',
    example: tryLater(503),
  },
} satisfies Record<string, ProblemDescription>;

/** All problems of a route: its own, and those of every route. */
export function problemsOf({ body, problems = [] }: RouteDescription): readonly ProblemDescription[] {
  const ofInput =
    body === undefined ? [edge.invalid] : [invalidBody(body), edge.malformed, edge.tooLarge, edge.mediaType];
  return [...ofInput, edge.token, edge.method, ...problems, edge.throttled, edge.internal, edge.unavailable];
}

/** The example is what the schema reports about an empty body. */
function invalidBody({ schema }: DescribedBody): ProblemDescription {
  const empty = parse(schema, {});
  const issues = empty.outcome === 'valid' ? [] : empty.issues;
  const errors = issues.map(({ path, message }) => ({ path: `/body${path}`, message }));
  return { ...edge.invalid, example: invalid(errors) };
}
