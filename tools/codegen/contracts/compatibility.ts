import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from './json-schema.ts';

/**
 * What a change breaks. Readers check events with the schema that they have:
 * `old readers` have the released one, and refuse new events or miss a field in them;
 * `past events` still wait in queues, outboxes and archives, and readers with the new schema refuse them.
 */
export type Broken = 'old readers' | 'past events' | 'old readers and past events';

/** One incompatibility of a schema with an older one. */
export interface Break {
  /** The place in an event as a JSONPath (RFC 9535): `$.data.lines[*].sku`. */
  readonly path: string;
  readonly rule: string;
  /** The old and the new value. */
  readonly detail: string;
  readonly broken: Broken;
}

/** Keywords for people, which check nothing. The gate compares `$id` and `title` of a whole event. */
const annotations = [
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'examples',
  'deprecated',
  'x-personal',
];

const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** It cannot be decided in general which value admits more, so any difference is a break. */
const comparedWhole = [
  'type',
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'propertyNames',
  'additionalProperties',
];

const compared = ['const', 'enum', 'properties', 'required', 'items'];
const known = new Set([...annotations, ...lowerBounds, ...upperBounds, ...comparedWhole, ...compared]);

/**
 * All incompatibilities of `next` with `last`, in both directions: a reader with the old schema must accept and
 * understand every new event, and a reader with the new one every old event. A new optional field passes: old events
 * lack it and old readers ignore it.
 *
 * @throws TypeError at a keyword that it cannot compare, so that nothing passes unseen
 */
export function incompatibilities(last: JsonSchema, next: JsonSchema, path = '$'): readonly Break[] {
  assertKnown(last, path);
  assertKnown(next, path);
  const changes = comparedWhole.flatMap((keyword) => compareWhole(keyword, last, next, path));
  // With another type, the other differences mean nothing.
  if (changes.some(({ rule }) => rule.startsWith('type '))) return changes;
  return [
    ...changes,
    ...compareValues(last, next, path),
    ...lowerBounds.flatMap((keyword) => compareBound(keyword, -1, last, next, path)),
    ...upperBounds.flatMap((keyword) => compareBound(keyword, 1, last, next, path)),
    ...compareItems(last, next, path),
    ...compareFields(last, next, path),
  ];
}

/** The schema without annotations. Schemas that are equal without them check the same. */
export function withoutAnnotations(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !annotations.includes(keyword))
      .map(([keyword, value]) => [keyword, keyword === 'properties' ? plainFields(value) : plain(value)]),
  );
}

// The keys of `properties` are names of fields, and a field may be called "title".
const plainFields = (properties: unknown): JsonSchema =>
  Object.fromEntries(Object.entries(schemaOf(properties)).map(([name, field]) => [name, plain(field)]));

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  return isSchema(value) ? withoutAnnotations(value) : value;
};

/** @throws TypeError at the first keyword, at any depth, that `incompatibilities` cannot compare */
export function assertComparable(schema: JsonSchema, path = '$'): void {
  assertKnown(schema, path);
  for (const [name, field] of fieldsOf(schema)) assertComparable(field, `${path}.${name}`);
  if (schema.items !== undefined) assertComparable(schemaOf(schema.items), `${path}[*]`);
}

function assertKnown(schema: JsonSchema, path: string): void {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (unknown.length > 0) {
    throw new TypeError(`${path}: cannot compare "${unknown.join('", "')}"; teach it to compatibility.ts`);
  }
}

function compareWhole(keyword: string, last: JsonSchema, next: JsonSchema, path: string): readonly Break[] {
  const [before, after] = [plain(last[keyword]), plain(next[keyword])];
  if (isDeepStrictEqual(before, after)) return [];
  const detail = fromTo(before, after);
  if (before === undefined) return [{ path, rule: `${keyword} added`, detail, broken: 'past events' }];
  if (after === undefined) return [{ path, rule: `${keyword} dropped`, detail, broken: 'old readers' }];
  return [{ path, rule: `${keyword} changed`, detail, broken: 'old readers and past events' }];
}

/** `const` is an `enum` of one. */
function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function compareValues(last: JsonSchema, next: JsonSchema, path: string): readonly Break[] {
  const [before, after] = [valuesOf(last), valuesOf(next)];
  if (isDeepStrictEqual(before, after)) return [];
  const detail = fromTo(before, after);
  if (before === undefined) return [{ path, rule: 'enum added', detail, broken: 'past events' }];
  if (after === undefined) return [{ path, rule: 'enum dropped', detail, broken: 'old readers' }];
  const added = after.filter((value) => !before.includes(value));
  const removed = before.filter((value) => !after.includes(value));
  if (added.length > 0 && 'const' in last && 'const' in next) {
    return [{ path, rule: 'const changed', detail, broken: 'old readers and past events' }];
  }
  return [
    ...added.map((value): Break => {
      return { path, rule: 'enum value added', detail: shown(value), broken: 'old readers' };
    }),
    ...removed.map((value): Break => {
      return { path, rule: 'enum value removed', detail: shown(value), broken: 'past events' };
    }),
  ];
}

/** `wider` is the sign of a change that admits more. */
function compareBound(
  keyword: string,
  wider: 1 | -1,
  last: JsonSchema,
  next: JsonSchema,
  path: string,
): readonly Break[] {
  const boundOf = (schema: JsonSchema) => Number(schema[keyword] ?? wider * Number.POSITIVE_INFINITY);
  const [before, after] = [boundOf(last), boundOf(next)];
  if (before === after) return [];
  const detail = `${keyword} ${fromTo(last[keyword], next[keyword])}`;
  return Math.sign(after - before) === wider
    ? [{ path, rule: 'range widened', detail, broken: 'old readers' }]
    : [{ path, rule: 'range narrowed', detail, broken: 'past events' }];
}

function compareItems(last: JsonSchema, next: JsonSchema, path: string): readonly Break[] {
  if (last.items === undefined || next.items === undefined) return compareWhole('items', last, next, path);
  return incompatibilities(schemaOf(last.items), schemaOf(next.items), `${path}[*]`);
}

function compareFields(last: JsonSchema, next: JsonSchema, path: string): readonly Break[] {
  const [before, after] = [fieldsOf(last), fieldsOf(next)];
  const [demandedBefore, demandedAfter] = [requiredOf(last), requiredOf(next)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name): readonly Break[] => {
    const at = `${path}.${name}`;
    const [field, later] = [before.get(name), after.get(name)];
    if (later === undefined) {
      const detail = `it was ${demandedBefore.has(name) ? 'required' : 'optional'}`;
      return [{ path: at, rule: 'field removed or renamed', detail, broken: 'old readers' }];
    }
    if (field === undefined) {
      if (!demandedAfter.has(name)) return [];
      const detail = 'events of the past lack it';
      return [{ path: at, rule: 'required field added', detail, broken: 'past events' }];
    }
    return [
      ...compareDemand(demandedBefore.has(name), demandedAfter.has(name), at),
      ...incompatibilities(field, later, at),
    ];
  });
}

function compareDemand(before: boolean, after: boolean, path: string): readonly Break[] {
  if (before === after) return [];
  return after
    ? [{ path, rule: 'field made required', detail: 'it was optional', broken: 'past events' }]
    : [{ path, rule: 'required field made optional', detail: 'it was required', broken: 'old readers' }];
}

const fieldsOf = (schema: JsonSchema): ReadonlyMap<string, JsonSchema> =>
  new Map(Object.entries(schemaOf(schema.properties ?? {})).map(([name, field]) => [name, schemaOf(field)]));

const requiredOf = (schema: JsonSchema): ReadonlySet<unknown> =>
  new Set(Array.isArray(schema.required) ? schema.required : []);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws TypeError for `true`, `false` and what is no schema: none of ours is one */
function schemaOf(value: unknown): JsonSchema {
  if (!isSchema(value)) throw new TypeError(`Not a schema that can be compared: ${shown(value)}`);
  return value;
}

const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
const fromTo = (before: unknown, after: unknown): string => `from ${shown(before)} to ${shown(after)}`;
