import type { ProblemDescription } from '@orderly/functions/http/api-description';
import {
  correlationIdPattern,
  securityHeaders,
  showProblem,
  traceparentPattern,
} from '@orderly/functions/http/handler';
import { pageFields } from '@orderly/functions/http/page';

/** The parts of a document that are the same in every API. */

export type Json = { readonly [key: string]: unknown };

export const refTo = (section: string, name: string): Json => ({ $ref: `#/components/${section}/${name}` });

export const parameters: Json = {
  Limit: {
    name: 'limit',
    in: 'query',
    description: 'How many items a page has at most',
    // The check reads the text that a query holds; this is what the text says.
    schema: { type: 'integer', minimum: 1, maximum: 100, default: Number(pageFields.limit.default) },
    example: 50,
  },
  Cursor: {
    name: 'cursor',
    in: 'query',
    description: 'The `nextCursor` of the page before; the first page is asked for without one',
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
      'Carried into the log and into every event that the request causes; the request id is taken where it is ' +
      'missing or of another form',
    schema: { type: 'string', pattern: correlationIdPattern.source },
    example: 'checkout-7f3a',
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    description:
      'W3C Trace Context: the log and every event that the request causes are of this trace; a new one begins where ' +
      'it is missing or of another form',
    schema: { type: 'string', pattern: traceparentPattern.source },
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
};

/** The query fields of a paged list, by the parameter that describes each. */
export const pageParameters: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [pageFields.limit, 'Limit'],
  [pageFields.cursor, 'Cursor'],
]);

/** `cache-control` is CacheControl. */
const componentName = (header: string) =>
  header.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());

/** By header: whom it tells what. */
const securityDescriptions: Readonly<Record<keyof typeof securityHeaders, string>> = {
  'cache-control': 'Nobody keeps an answer (RFC 9111, section 5.2.2.5)',
  'content-security-policy': 'An answer is data: nothing in it is run, loaded or framed',
  'strict-transport-security': 'HTTPS only from here on (RFC 6797)',
  'x-content-type-options': 'An answer is what its content type says',
  'x-frame-options': 'For browsers that do not know `frame-ancestors`',
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
    description: 'After how many seconds to try again (RFC 9110, section 10.2.3)',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  Allow: {
    description: 'The methods of this path (RFC 9110, section 10.2.1)',
    required: true,
    schema: { type: 'string' },
    example: 'GET, POST',
  },
  WwwAuthenticate: {
    description: 'What is wrong with the token (RFC 6750, section 3)',
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
      "An access token of the stage's issuer and audience, checked by API Gateway. Its `sub` is the customer's id; " +
      'the scope `orders:admin` may act for any customer.',
  },
};

/** What API Gateway answers itself, before any function: by status, when, and its message. */
const gatewayAnswers: Readonly<Record<number, readonly [when: string, message: string]>> = {
  401: [
    'There is no token, or it is expired, of another issuer or audience, or not signed by the issuer',
    'Unauthorized',
  ],
  403: ["The token has none of the route's scopes", 'Forbidden'],
};

/** The `Location` of what was created, with an example of it. */
export const locationHeader = (example: string): Json => ({
  description: 'Where the new thing is, relative to the API',
  required: true,
  schema: { type: 'string', format: 'uri-reference' },
  example,
});

const requestId = 'bb5b2c56-9d3b-4a25-a4d9-b3e2fcb4a3a9';

const headersOfStatus: Readonly<Record<number, Json>> = {
  // API Gateway gives these without a request id of ours.
  401: { 'WWW-Authenticate': refTo('headers', 'WwwAuthenticate') },
  403: {},
  405: { Allow: refTo('headers', 'Allow') },
  429: { 'Retry-After': refTo('headers', 'RetryAfter') },
  503: { 'Retry-After': refTo('headers', 'RetryAfter') },
};

/** The headers of an answer with this status. */
export function headersOf(status: number): Json {
  // The gateway's own answers have neither.
  const ours =
    status in gatewayAnswers ? {} : { 'x-request-id': refTo('headers', 'RequestId'), ...securityReferences };
  return { ...ours, ...headersOfStatus[status] };
}

/** The response that tells one of several problems of the same status, and what API Gateway answers with it. */
export function problemResponse(status: number, problems: readonly ProblemDescription[]): Json {
  const types = problems.map(({ example }) => showProblem(example, requestId).type);
  const gateway = gatewayAnswers[status];
  const told = { type: 'object', properties: { type: { enum: types }, status: { const: status } } };
  return {
    description: descriptionOf([...(gateway?.slice(0, 1) ?? []), ...problems.map(({ when }) => when)]),
    headers: headersOf(status),
    content: {
      ...(gateway && gatewayContent(gateway[1])),
      ...(problems.length > 0 && {
        'application/problem+json': {
          schema: { allOf: [refTo('schemas', 'Problem'), told] },
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

/** The responses that only API Gateway gives. */
export const gatewayResponses: Json = { Forbidden: problemResponse(403, []) };
