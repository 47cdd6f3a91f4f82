import type { Issue } from '@orderly/contracts';

/** An answer names at most this many issues, the first ones: thousands would not fit into Lambda's 6 MB. */
export const maxIssues = 100;

/**
 * An error that `http` answers as RFC 9457 problem details.
 *
 * @param status the HTTP status, 400 to 599
 * @param code a stable kebab-case name; the problem's `type` is `problemNamespace` and this
 * @param detail for people: what happened, which input, what to do next
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly Issue[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    more: { readonly errors?: readonly Issue[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.errors = more.errors?.slice(0, maxIssues);
    this.headers = more.headers ?? {};
  }
}

/** The input breaks its schema: 400 with each issue. */
export function invalid(errors: readonly Issue[]): Problem {
  return new Problem(400, 'invalid-request', 'The request is not valid; "errors" says where', { errors });
}

export function malformedJson(): Problem {
  return new Problem(400, 'malformed-json', 'The body is not JSON');
}

/** 401 with `WWW-Authenticate` (RFC 6750, section 3): API Gateway accepts tokens without `sub`. */
export function invalidToken(): Problem {
  return new Problem(
    401,
    'invalid-token',
    'There is no token, or it has no "sub", or its scopes are no text',
    {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    },
  );
}

/** 403: the caller may not do this. */
export function forbidden(code: string, detail: string): Problem {
  return new Problem(403, code, detail);
}

/** 404: nothing has this id. */
export function notFound(code: string, detail: string): Problem {
  return new Problem(404, code, detail);
}

/** 405 with `Allow` (RFC 9110, section 15.5.6). */
export function notAllowed(method: string, allowed: readonly string[]): Problem {
  const allow = allowed.join(', ');
  return new Problem(405, 'method-not-allowed', `${method} is not allowed here; allowed: ${allow}`, {
    headers: { allow },
  });
}

/** 409: the present state does not allow it. */
export function conflict(code: string, detail: string): Problem {
  return new Problem(409, code, detail);
}

export function bodyTooLarge(maxBytes: number): Problem {
  return new Problem(413, 'body-too-large', `The body is larger than ${maxBytes} bytes`);
}

export function unsupportedMediaType(): Problem {
  return new Problem(415, 'unsupported-media-type', 'The body must be sent as application/json');
}

/** 422: well-formed, but a rule forbids it. */
export function unprocessable(code: string, detail: string, errors?: readonly Issue[]): Problem {
  return new Problem(422, code, detail, errors === undefined ? {} : { errors });
}

/** 500 without internals, which are in the log. */
export function internalError(): Problem {
  return new Problem(500, 'internal-error', 'Something went wrong on our side');
}

/** 429 or 503 with `Retry-After` (in seconds), for a request that may succeed later. */
export function tryLater(status: 429 | 503): Problem {
  const why =
    status === 429 ? 'Too many requests right now' : 'A part of the platform is unavailable right now';
  return new Problem(status, status === 429 ? 'throttled' : 'unavailable', `${why}; try again shortly`, {
    headers: { 'retry-after': '1' },
  });
}
