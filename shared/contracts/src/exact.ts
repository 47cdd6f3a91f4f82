/** Whether a schema accepts a value and would return an equal one. */
type Check = (value: unknown) => boolean;

/** The parts of a valibot schema or action that are read here. */
interface Described {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Described[];
  readonly entries?: Readonly<Record<string, Described>>;
  readonly item?: Described;
  readonly key?: Described;
  readonly value?: Described;
  readonly wrapped?: Described;
  readonly default?: unknown;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
}

const checks = new WeakMap<Described, Check>();

/**
 * Whether a schema accepts a value and would return an equal one: nothing to drop, nothing to transform. Most events
 * are so, and this check takes a fraction of the time that valibot needs for its copy.
 *
 * @returns false also where only the schema itself can decide
 */
export function isExact(schema: Described, value: unknown): boolean {
  const check = checks.get(schema) ?? checkOf(schema);
  checks.set(schema, check);
  return check(value);
}

const unknown: Check = () => false;

function checkOf(described: Described): Check {
  const [schema = described, ...actions] = itemsOf(described).filter(matters);
  const { type, literal, options, item, entries, key, value } = schema;
  const limits = limitsOf(actions);
  if (limits === undefined) return unknown;
  if (/^(string|number|boolean)$/.test(type)) return plainCheckOf(type, limits);
  if (type === 'array' && item !== undefined) return arrayCheckOf(checkOf(item), limits);
  if (type === 'record' && key && value) return recordCheckOf(checkOf(key), checkOf(value), limits);
  if (actions.length > 0) return unknown;
  if (type === 'object' && entries !== undefined) return objectCheckOf(entries);
  if (type === 'literal') return (value) => value === literal;
  if (type === 'unknown') return () => true;
  if (options === undefined) return unknown;
  const taken = new Set(options);
  return (value) => taken.has(value);
}

/** A schema without its pipe, then the actions of the pipe. A pipe may begin with another pipe. */
function itemsOf(described: Described): readonly Described[] {
  const [first, ...others] = described.pipe ?? [];
  return first === undefined ? [described] : [...itemsOf(first), ...others];
}

const matters = ({ kind, type }: Described) => kind !== 'metadata' && type !== 'brand';

/** Of a number, or of a length. */
interface Limits {
  min: number;
  max: number;
  integer: boolean;
  pattern?: RegExp;
}

/** @returns undefined when an action is not known here */
function limitsOf(actions: readonly Described[]): Limits | undefined {
  const limits: Limits = { min: -Infinity, max: Infinity, integer: false };
  for (const { type, requirement } of actions) {
    const [, limit] = /^(min|max)_(length|value|entries)$/.exec(type) ?? [];
    if (type === 'integer') limits.integer = true;
    else if (limit && typeof requirement === 'number') {
      if (limit === 'min') limits.min = Math.max(limits.min, requirement);
      else limits.max = Math.min(limits.max, requirement);
    }
    // Every action of valibot that has a pattern tests it.
    else if (requirement instanceof RegExp && !limits.pattern) limits.pattern = requirement;
    else return undefined;
  }
  return limits;
}

/** Of a text, a number or a boolean. */
function plainCheckOf(type: string, { min, max, integer, pattern }: Limits): Check {
  return (value) => {
    if (typeof value !== type) return false;
    const size = typeof value === 'string' ? value.length : Number(value);
    // Not true of NaN either.
    const fits = size >= min && size <= max;
    return fits && (!integer || Number.isInteger(value)) && (!pattern || pattern.test(String(value)));
  };
}

function arrayCheckOf(check: Check, { min, max }: Limits): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    // Not `every`, which skips holes.
    for (const item of value) if (!check(item)) return false;
    return true;
  };
}

/** valibot drops these names from a record. */
const leftOut = new Set(['__proto__', 'prototype', 'constructor']);

function recordCheckOf(ofKey: Check, ofValue: Check, { min, max }: Limits): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const pairs = Object.entries(value);
    if (pairs.length < min || pairs.length > max) return false;
    return pairs.every(([key, content]) => !leftOut.has(key) && ofKey(key) && ofValue(content));
  };
}

function objectCheckOf(entries: Readonly<Record<string, Described>>): Check {
  const fields = Object.entries(entries).map(([key, entry]) => {
    const { type, wrapped } = entry;
    const optional = type === 'exact_optional' && entry.default === undefined && wrapped !== undefined;
    return { key, optional, check: checkOf(optional ? wrapped : entry) };
  });
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const object = value as Readonly<Record<string, unknown>>;
    let named = 0;
    for (const { key, optional, check } of fields) {
      const content = object[key];
      if (content === undefined) {
        if (!optional || key in object) return false;
      } else {
        if (!check(content)) return false;
        named++;
      }
    }
    return named === Object.keys(object).length;
  };
}
