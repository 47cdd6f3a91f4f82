import type { ProblemDescription } from '@orderly/functions/http/api-description';
import { correlationIdPattern, securityHeaders, showProblem } from '@orderly/functions/http/handler';
import { pageFields } from '@orderly/functions/http/page';
import { traceparentPattern } from '@orderly/functions/observability/request-context';

/** Parts of the document that all APIs share. */

export type Json = { readonly [key: string]: unknown };

export const refTo = (section: string, name: string): Json => ({ $ref: `#/components/${section}/${name}` });

export const parameters: Json = {
  Limit: {
    name: 'limit',
    in: 'query',
    description: 'The maximum number of items on a page',
    // The function checks the text of the query; this is its value.
    schema: { type: 'integer', minimum: 1, maximum: 100, default: Number(pageFields.limit.default) },
    example: 50,
  },
  Cursor: {
    name: 'cursor',
    in: 'query',
    description: 'The `nextCursor` of the previous page; omitted for the first page',
    schema: refTo('schemas', 'Cursor'),
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Makes the request safe to repeat',
    schema: refTo('schemas', 'IdempotencyKey'),
  },
  CorrelationId: {
    name: 'x-correlation-id',
    in: 'header',
    description:
      'Written to the log and to every event that the request causes. The request id replaces it where it is missing ' +
      'or malformed',
    schema: { type: 'string', pattern: correlationIdPattern.source },
    example: 'checkout-7f3a',
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    description:
      'W3C Trace Context: the trace of the log lines and events that the request causes. A new trace begins where it ' +
      'is missing or malformed',
    schema: { type: 'string', pattern: traceparentPattern.source },
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
};

/** The query fields of a paged list, by the parameter that describes each. */
export const pageParameters: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [pageFields.limit, 'Limit'],
  [pageFields.cursor, 'Cursor'],
]);

/** `cache-control` is CacheControl, `order-not-found` is OrderNotFound. */
export const componentName = (name: string) =>
  name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());

/** The meaning of each header. */
const securityDescriptions: Readonly<Record<keyof typeof securityHeaders, string>> = {
  'cache-control': 'Responses must not be stored (RFC 9111, section 5.2.2.5)',
  'content-security-policy': 'Responses are data: browsers run, load and frame nothing from them',
  'strict-transport-security': 'HTTPS only (RFC 6797)',
  'x-content-type-options': 'Browsers must not guess the content type',
  'x-frame-options': 'For browsers without support for `frame-ancestors`',
};

const securityComponents: Json = Object.fromEntries(
  Object.entries(securityDescriptions).map(([header, description]) => {
    const value = Object(securityHeaders)[header];
    return [
      componentName(header),
      { description, required: true, schema: { type: 'string', const: value }, example: value },
    ];
  }),
);

const securityReferences: Json = Object.fromEntries(
  Object.keys(securityHeaders).map((header) => [header, refTo('headers', componentName(header))]),
);

export const headers: Json = {
  ...securityComponents,
  RequestId: {
    description: 'The id of the request, also in the log',
    required: true,
    schema: { type: 'string' },
    example: 'bb5b2c56-9d3b-4a25-a4d9-b3e2fcb4a3a9',
  },
  RetryAfter: {
    description: 'The number of seconds to wait before a retry (RFC 9110, section 10.2.3)',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  Allow: {
    description: 'The methods that the path supports (RFC 9110, section 10.2.1)',
    required: true,
    schema: { type: 'string' },
    example: 'GET, POST',
  },
  WwwAuthenticate: {
    description: 'The fault of the token (RFC 6750, section 3)',
    required: true,
    schema: { type: 'string' },
    example: 'Bearer scope="" error="invalid_token" error_description="the token has expired"',
  },
};

export const securitySchemes: Json = {
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      "An access token of the stage's issuer and audience, checked by API Gateway. Its `sub` is the customer's id. " +
      'The scope `orders:admin` allows to act for any customer.',
  },
};

/** The answers of API Gateway itself, before any function, by status. */
const gatewayAnswers: Readonly<Record<number, readonly [when: string, message: string]>> = {
  401: [
    'The token is missing, expired, from another issuer or audience, or not signed by the issuer',
    'Unauthorized',
  ],
  403: ["The token has none of the route's scopes", 'Forbidden'],
};

/** The `Location` of a created resource, with an example. */
export const locationHeader = (example: string): Json => ({
  description: 'The URL of the new resource, relative to the API',
  required: true,
  schema: { type: 'string', format: 'uri-reference' },
  example,
});

const requestId = 'bb5b2c56-9d3b-4a25-a4d9-b3e2fcb4a3a9';

const headersOfStatus: Readonly<Record<number, Json>> = {
  // API Gateway answers these itself, without our request id.
  401: { 'WWW-Authenticate': refTo('headers', 'WwwAuthenticate') },
  403: {},
  405: { Allow: refTo('headers', 'Allow') },
  429: { 'Retry-After': refTo('headers', 'RetryAfter') },
  503: { 'Retry-After': refTo('headers', 'RetryAfter') },
};

/** The headers of an answer with this status. */
export function headersOf(status: number): Json {
  // Answers of API Gateway itself have neither.
  const ours =
    status in gatewayAnswers ? {} : { 'x-request-id': refTo('headers', 'RequestId'), ...securityReferences };
  return { ...ours, ...headersOfStatus[status] };
}

/** The response with one of several problems of the same status, and with API Gateway's own answer of that status. */
export function problemResponse(status: number, problems: readonly ProblemDescription[]): Json {
  const types = problems.map(({ example }) => showProblem(example, requestId).type);
  const gateway = gatewayAnswers[status];
  const kind = { type: 'object', properties: { type: { enum: types }, status: { const: status } } };
  return {
    description: descriptionOf([...(gateway?.slice(0, 1) ?? []), ...problems.map(({ when }) => when)]),
    headers: headersOf(status),
    content: {
      ...(gateway && gatewayContent(gateway[1])),
      ...(problems.length > 0 && {
        'application/problem+json': {
          schema: { allOf: [refTo('schemas', 'Problem'), kind] },
          examples: Object.fromEntries(problems.map(exampleOf)),
        },
      }),
    },
  };
}

function gatewayContent(message: string): Json {
  const properties = { message: { const: message } };
  const schema = { type: 'object', required: ['message'], properties, additionalProperties: false };
  return { 'application/json': { schema, example: { message } } };
}

function descriptionOf(reasons: readonly string[]): string {
  return reasons.length === 1 ? reasons.join() : reasons.map((reason) => `- ${reason}`).join('\n');
}

function exampleOf({ when, example }: ProblemDescription): readonly [name: string, example: Json] {
  return [example.code, { summary: when, value: showProblem(example, requestId) }];
}

/** Responses that come from API Gateway only. */
export const gatewayResponses: Json = { Forbidden: problemResponse(403, []) };
