import { describeIssues, type Issue, parse, type Schema } from '@orderly/contracts';
import * as v from 'valibot';

/** A function's environment is incomplete or wrong. The message names each such variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

type Schemas = Record<string, Schema<unknown>>;
type Values<S extends Schemas> = { readonly [K in keyof S]: S[K] extends Schema<infer T> ? T : never };

/** A variable that must not be missing or empty. */
export const text = v.pipe(v.string('is missing'), v.nonEmpty('is empty'));

/** A number of at least zero; `fallback` where the variable is not set. */
export const number = (fallback: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/, 'is not a number of at least zero'), v.transform(Number)),
    String(fallback),
  );

/** A whole number of at least one. */
export const positiveInteger = v.pipe(
  v.string('is missing'),
  v.regex(/^[1-9]\d*$/, 'is not a whole number of at least one'),
  v.transform(Number),
);

/** A list of words, separated by white space; empty where the variable is not set. */
export const list = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) => value.split(/\s+/).filter(Boolean)),
  ),
  '',
);

/**
 * Reads the environment once, at load: `const env = environment({ TABLE_NAME: text })`.
 *
 * @throws EnvironmentError that names each variable that is missing or wrong
 */
export function environment<S extends Schemas>(
  schemas: S,
  source: NodeJS.ProcessEnv = process.env,
): Values<S> {
  const issues: Issue[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const value = parse(schema, source[name]);
    if (value.outcome === 'valid') values[name] = value.value;
    else issues.push(...value.issues.map(({ message }) => ({ path: name, message })));
  }
  if (issues.length > 0) throw new EnvironmentError(`Environment: ${describeIssues(issues)}`);
  // Each value was parsed by the schema that has its type.
  return values as Values<S>;
}
