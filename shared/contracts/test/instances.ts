import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import type { JsonSchema } from '../../../tools/codegen/contracts/json-schema.ts';

/** Any value that a schema of our subset accepts, with and without optional fields. */
export function instancesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if (schema.type === 'object') return objectsOf(schema);
  if (schema.type === 'array') return fc.array(instancesOf(Object(schema.items)), limits(schema, 'Items', 3));
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
    return fc.integer({ min: Number(minimum), max: Number(maximum) });
  }
  if (schema.type === 'string') return textsOf(schema);
  if (schema.type === 'boolean') return fc.boolean();
  throw new TypeError(`No instances of ${JSON.stringify(schema)}`);
}

function objectsOf({ properties, required, ...schema }: JsonSchema): fc.Arbitrary<unknown> {
  if (properties === undefined) return pairsOf(schema);
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const fields = Object.entries<JsonSchema>(Object(properties)).map(([name, field]) => [
    name,
    instancesOf(field),
  ]);
  return fc.record<Record<string, unknown>>(Object.fromEntries(fields), {
    requiredKeys: names.map(String),
  });
}

/** Names that valibot leaves out, because they may change an object's prototype. */
const leftOut = ['__proto__', 'constructor', 'prototype'];

/** Only the pattern of the names is known. */
function pairsOf({ propertyNames, additionalProperties, maxProperties }: JsonSchema): fc.Arbitrary<unknown> {
  const names = textsOf(Object(propertyNames)).filter((name) => !leftOut.includes(name));
  return fc.dictionary(names, instancesOf(Object(additionalProperties)), {
    maxKeys: Math.min(Number(maxProperties), 3),
    noNullPrototype: true,
  });
}

const matching = new Map<string, fc.Arbitrary<string>>();

/** To make such an arbitrary takes longer than to take texts from it, and few patterns are used again and again. */
function textsMatching(pattern: string): fc.Arbitrary<string> {
  const known = matching.get(pattern) ?? fc.stringMatching(new RegExp(pattern, 'u'));
  matching.set(pattern, known);
  return known;
}

function textsOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { pattern, format } = schema;
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') {
    const [min, max] = [new Date(0), new Date('9999-12-31T23:59:59.999Z')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  const { minLength, maxLength } = limits(schema, 'Length', 20);
  if (format === 'email')
    return textsMatching("^[a-z&'+]{1,9}(\\.[a-z]{1,9})?@[a-z0-9]{1,9}\\.xn--[a-z]{2}$");
  // Any characters, astral planes and non-characters included.
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', minLength, maxLength }),
    fc.string({ unit: anyCharacter, minLength, maxLength }),
  );
  if (typeof pattern !== 'string') return texts;
  // fast-check cannot make texts of Unicode properties.
  if (pattern.includes('\\p{')) return texts.filter((text) => new RegExp(pattern, 'u').test(text));
  const maxLengthOfMatches = Number(schema.maxLength ?? 1_000);
  return textsMatching(pattern).filter(({ length }) => length >= minLength && length <= maxLengthOfMatches);
}

function limits(schema: JsonSchema, what: 'Items' | 'Length', more: number) {
  const min = Number(schema[`min${what}`] ?? 0);
  const max = Math.min(Number(schema[`max${what}`] ?? min + more), min + more);
  return { [`min${what}`]: min, [`max${what}`]: max, minLength: min, maxLength: max };
}
