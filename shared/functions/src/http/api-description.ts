import { type Issue, parse } from '@orderly/contracts';
import * as v from 'valibot';
import { maxBodyBytes, type showProblem } from './handler.ts';
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

/**
 * What a service says of its API: docs/reference/openapi/<service>.yaml is made from it. It names the schemas that the
 * functions check requests with and the problems that they throw, so that it says what they do. No function
 * imports it.
 */
export interface ApiDescription {
  readonly title: string;
  /** Of the API, not of the code behind it: semantic versioning. */
  readonly version: string;
  readonly description: string;
  /** Where `npm start` serves it. */
  readonly url: string;
  /** The groups that routes are shown in, each with a sentence. */
  readonly tags: Readonly<Record<string, string>>;
  /** What requests and answers are made of, by the name the document gives it. */
  readonly schemas: Readonly<Record<string, DescribedSchema>>;
  readonly routes: readonly RouteDescription[];
}

export interface DescribedSchema {
  readonly schema: v.GenericSchema;
  readonly description: string;
  readonly example?: unknown;
}

export interface RouteDescription {
  /** As serverless.yml spells it, e.g. `POST /orders/{orderId}/cancel`. */
  readonly route: string;
  /** The function that answers. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly path?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: DescribedBody;
  /** What a repeat with the same `Idempotency-Key` comes to, where the route honours it. */
  readonly repeats?: string;
  readonly answers: readonly AnswerDescription[];
  /** Those of this route alone; `problemsOf` adds what every route answers. */
  readonly problems?: readonly ProblemDescription[];
}

type ObjectSchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/** A schema that `schemas` names, and what a body of it looks like. */
export interface DescribedBody {
  readonly schema: v.GenericSchema;
  readonly example: unknown;
}

export interface AnswerDescription extends DescribedBody {
  /** A 201 says in `Location` where the new thing is. */
  readonly status: 200 | 201;
  readonly description: string;
  /** The `Location` of the example. */
  readonly location?: string;
}

export interface ProblemDescription {
  readonly when: string;
  /** One such problem, made by what the functions throw. */
  readonly example: Problem;
}

/**
 * The schema of an answer, tied to what the functions answer: `answerOf<ReturnType<typeof showOrder>>()({ ... })`
 * compiles only while the schema has the same fields and takes every value that they can have.
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

/** What a cursor is: opaque, of one list. */
export const Cursor = pageFields.cursor.wrapped;

/** One page of a list, as `answerPage` answers it. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), nextCursor: v.optional(Cursor) });

export const IssueBody = answerOf<Issue>()({ path: v.string(), message: v.string() });

/** `showProblem` has a title for each status that is answered. */
export const ProblemBody = answerOf<ReturnType<typeof showProblem> & { readonly title: string }>()({
  type: v.pipe(v.string(), v.regex(/^urn:orderly:problem:[a-z]+(-[a-z]+)*$/)),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  detail: v.string(),
  errors: v.optional(v.pipe(v.array(IssueBody), v.readonly())),
  requestId: v.string(),
});

/** What the edge answers before and around a function, whatever the route. */
const edge = {
  invalid: {
    when: 'The request breaks its schema: `errors` says where, each `path` a JSON Pointer into the request',
    example: invalid([{ path: '/query/limit', message: 'A limit is a whole number from 1 to 100' }]),
  },
  malformed: { when: 'The body is not JSON in UTF-8', example: malformedJson() },
  tooLarge: { when: `The body is larger than ${maxBodyBytes} bytes`, example: bodyTooLarge(maxBodyBytes) },
  mediaType: { when: 'The body is not sent as `application/json`', example: unsupportedMediaType() },
  token: { when: 'The token does not say who asks', example: invalidToken() },
  method: {
    when: 'Given to every other method on this path: `Allow` names those that there are',
    example: notAllowed('PATCH', ['GET', 'POST']),
  },
  throttled: {
    when:
      'Too much at once: send the same request again later. Where API Gateway says so, the body is its ' +
      '`{ "message": "Too Many Requests" }`, and the headers are missing',
    example: tryLater(429),
  },
  internal: { when: 'Something went wrong on our side', example: internalError() },
  unavailable: {
    when: 'A part of the platform is unavailable: send the same request again later',
    example: tryLater(503),
  },
} satisfies Record<string, ProblemDescription>;

/** All problems that a route answers: its own, and those of the edge. */
export function problemsOf({ body, problems = [] }: RouteDescription): readonly ProblemDescription[] {
  const ofInput =
    body === undefined ? [edge.invalid] : [invalidBody(body), edge.malformed, edge.tooLarge, edge.mediaType];
  return [...ofInput, edge.token, edge.method, ...problems, edge.throttled, edge.internal, edge.unavailable];
}

/** Shown by what the schema itself says of an empty body. */
function invalidBody({ schema }: DescribedBody): ProblemDescription {
  const empty = parse(schema, {});
  const issues = empty.ok ? [] : empty.issues;
  const errors = issues.map(({ path, message }) => ({ path: `/body${path}`, message }));
  return { ...edge.invalid, example: invalid(errors) };
}
