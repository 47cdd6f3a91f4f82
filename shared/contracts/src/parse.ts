import * as v from 'valibot';

/** One fault of an input. `path` is a JSON Pointer (RFC 6901) into it, `''` for the whole input. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> =
  | { readonly outcome: 'valid'; readonly value: T }
  | { readonly outcome: 'invalid'; readonly issues: readonly Issue[] };

/** Any schema that turns unknown input into a `T`. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/**
 * Checks `input` against `schema` and returns the typed value or every issue. Never throws.
 * Fields that the schema does not name are dropped, so that readers survive additions.
 */
export function parse<T>(schema: Schema<T>, input: unknown): Parsed<T> {
  const result = v.safeParse(schema, input);
  return result.success
    ? { outcome: 'valid', value: result.output }
    : {
        outcome: 'invalid',
        issues: result.issues.map((issue) => ({ path: pointer(issue), message: issue.message })),
      };
}

/** Parses JSON text first; text that is not JSON is an issue of the whole input. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    return { outcome: 'valid', value: JSON.parse(text) };
  } catch {
    return { outcome: 'invalid', issues: [{ path: '', message: 'Invalid JSON' }] };
  }
}

// CloudWatch cuts log events at 256 KiB, and a hostile message can break its schema in a million places.
const maxDescribed = 20;

/** The first 20 issues in one line, for logs and errors: `/lines/2/quantity: Invalid value; /customer: Invalid key`. */
export function describeIssues(issues: readonly Issue[]): string {
  const described = issues
    .slice(0, maxDescribed)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = issues.length > maxDescribed ? [`and ${issues.length - maxDescribed} more`] : [];
  return [...described, ...more].join('; ');
}

function pointer(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'));
  return keys === undefined ? '' : `/${keys.join('/')}`;
}
