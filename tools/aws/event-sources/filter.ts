/**
 * Event filtering as Lambda does it, with EventBridge's rule syntax.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export type Pattern = Readonly<Record<string, unknown>>;

type Leaf = string | number | boolean | null;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLeaf = (value: unknown): value is Leaf => value === null || typeof value !== 'object';

/** The scalars at a place; an array offers each of its own, and an object has none. */
const leaves = (value: unknown): readonly Leaf[] => {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isLeaf(value) ? [value] : [];
};

const textTest = (matches: (value: string, expected: string) => boolean) => {
  const test = (value: Leaf, expected: unknown): boolean => {
    if (typeof value !== 'string') return false;
    if (isObject(expected)) {
      return matches(value.toLowerCase(), String(expected['equals-ignore-case']).toLowerCase());
    }
    return matches(value, String(expected));
  };
  return test;
};

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

const numeric = (value: Leaf, expected: unknown): boolean => {
  if (typeof value !== 'number' || !Array.isArray(expected)) return false;
  for (let at = 0; at < expected.length; at += 2) {
    const compare = comparisons[String(expected[at])];
    if (!compare?.(value, Number(expected[at + 1]))) return false;
  }
  return true;
};

/** `*` stands for any characters. */
const wildcard = (value: string, expected: string): boolean => {
  const source = expected.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's').test(value);
};

const anythingBut = (value: Leaf, expected: unknown): boolean => {
  const unwanted = Array.isArray(expected) ? expected : [expected];
  return !unwanted.some((each) => matchesRule(value, each));
};

const operators: Readonly<Record<string, (value: Leaf, expected: unknown) => boolean>> = {
  prefix: textTest((value, expected) => value.startsWith(expected)),
  suffix: textTest((value, expected) => value.endsWith(expected)),
  wildcard: textTest(wildcard),
  'equals-ignore-case': textTest((value, expected) => value.toLowerCase() === expected.toLowerCase()),
  'anything-but': anythingBut,
  numeric,
};

const matchesRule = (value: Leaf, rule: unknown): boolean => {
  if (!isObject(rule)) return value === rule;
  return Object.entries(rule).every(([name, expected]) => operators[name]?.(value, expected) ?? false);
};

/** `exists` looks at leaves only: an object in that place does not exist for it. */
const matchesAny = (value: unknown, rules: readonly unknown[]): boolean => {
  const values = leaves(value);
  return rules.some((rule) => {
    if (isObject(rule) && 'exists' in rule) return rule.exists === values.length > 0;
    return values.some((each) => matchesRule(each, rule));
  });
};

const matchesField = (value: unknown, expected: unknown): boolean => {
  if (Array.isArray(expected)) return matchesAny(value, expected);
  if (!isObject(expected)) return false;
  if (Array.isArray(value)) return value.some((item) => matches(expected, item));
  return matches(expected, value);
};

/** True when every field of the pattern matches; `$or` holds alternatives. */
export const matches = (pattern: Pattern, event: unknown): boolean => {
  const fields = isObject(event) ? event : {};
  return Object.entries(pattern).every(([name, expected]) =>
    name === '$or' && Array.isArray(expected)
      ? expected.some((each) => isObject(each) && matches(each, event))
      : matchesField(fields[name], expected),
  );
};

const OPERATORS = new Set([...Object.keys(operators), 'exists']);

const checkRule = (rule: unknown, field: string): void => {
  if (isLeaf(rule)) return;
  const names = isObject(rule) ? Object.keys(rule) : [];
  if (names.length === 0) throw new Error(`"${field}" has a rule that is neither a value nor an operator.`);
  const unknown = names.find((name) => !OPERATORS.has(name));
  if (unknown !== undefined)
    throw new Error(`"${field}" has the operator "${unknown}", which is not implemented.`);
};

/** @throws Error that names the field of a rule that could never match */
export const checkPattern = (value: unknown): Pattern => {
  if (!isObject(value)) throw new Error('it is no object.');
  for (const [field, expected] of Object.entries(value)) {
    if (field === '$or' && Array.isArray(expected)) expected.forEach(checkPattern);
    else if (Array.isArray(expected)) for (const rule of expected) checkRule(rule, field);
    else if (isObject(expected)) checkPattern(expected);
    else throw new Error(`"${field}" must be a list of rules or an object.`);
  }
  return value;
};

/** True when there is no pattern, or one of them matches (filters of one event source are ORed). */
export const passes = (patterns: readonly Pattern[], event: unknown): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(pattern, event));

/**
 * For queues: a pattern that looks into `body` sees it parsed when it is a JSON object, and as text
 * otherwise, so that text never matches a pattern for JSON and the reverse.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export const passesMessage = (patterns: readonly Pattern[], record: { readonly body: string }): boolean => {
  const parsed = parseBody(record.body);
  return patterns.length === 0 || patterns.some((pattern) => matchesMessage(pattern, record, parsed));
};

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const matchesMessage = (pattern: Pattern, record: { readonly body: string }, parsed: unknown): boolean => {
  if (!isObject(pattern.body))
    return matches(pattern, { ...record, body: isObject(parsed) ? parsed : record.body });
  return isObject(parsed) && matches(pattern, { ...record, body: parsed });
};
