import fc from 'fast-check';
import {
  assertComparable,
  incompatibilities,
  withoutAnnotations,
} from '../../../tools/codegen/contracts/compatibility.ts';
import { workingContracts } from '../../../tools/codegen/contracts/contract.ts';
import type { JsonSchema } from '../../../tools/codegen/contracts/json-schema.ts';
import { instancesOf } from './instances.ts';
import { validatorOf } from './validator.ts';

/** A field of an object in a list, so that every rule is seen to reach any depth. */
const around = (fields: JsonSchema, required: readonly string[] = []): JsonSchema => {
  const items = { type: 'object', properties: fields, required };
  return { type: 'object', properties: { lines: { type: 'array', items } }, required: ['lines'] };
};
const rulesOf = (last: JsonSchema, next: JsonSchema) =>
  incompatibilities(last, next).map(({ path, rule, broken }) => [path, rule, broken]);

const text = { type: 'string' };
const both = 'old readers and past events';

/** Each rule with what breaks it and what it looks like but does not. */
const rules: readonly [
  rule: string,
  broken: string,
  last: JsonSchema,
  breaking: JsonSchema,
  passing: JsonSchema,
][] = [
  ['type changed', both, { type: 'integer' }, { type: 'number' }, { type: 'integer', title: 'A number' }],
  ['type changed', both, text, { type: ['string', 'null'] }, { ...text, description: 'Never null.' }],
  ['type dropped', 'old readers', text, {}, { ...text, examples: ['a'] }],
  ['type added', 'past events', {}, text, { deprecated: true }],
  ['const changed', both, { const: '1.0' }, { const: '1.1' }, { const: '1.0', description: 'Version.' }],
  ['enum value added', 'old readers', { enum: ['a'] }, { enum: ['a', 'b'] }, { const: 'a' }],
  ['enum value added', 'old readers', { const: 'a' }, { enum: ['b', 'a'] }, { enum: ['a'] }],
  ['enum value removed', 'past events', { enum: ['a', 'b'] }, { enum: ['b'] }, { enum: ['a', 'b'] }],
  ['enum added', 'past events', text, { ...text, enum: ['a'] }, text],
  ['enum dropped', 'old readers', { ...text, const: 'a' }, text, { ...text, enum: ['a'] }],
  ['pattern added', 'past events', text, { ...text, pattern: '^a' }, text],
  ['pattern changed', both, { pattern: '^a' }, { pattern: '^b' }, { pattern: '^a', title: 'A' }],
  ['pattern dropped', 'old readers', { pattern: '^a' }, {}, { pattern: '^a' }],
  ['format added', 'past events', text, { ...text, format: 'email' }, text],
  ['format changed', both, { format: 'date' }, { format: 'time' }, { format: 'date', $comment: 'RFC 3339' }],
  ['format dropped', 'old readers', { format: 'uuid' }, {}, { format: 'uuid' }],
  ['not changed', both, { not: { const: 0 } }, { not: { const: 1 } }, { not: { const: 0, title: 'Zero' } }],
  ['anyOf changed', both, { anyOf: [text] }, { anyOf: [{}] }, { anyOf: [{ ...text, title: 'Text' }] }],
  ['range narrowed', 'past events', { minimum: 1 }, { minimum: 2 }, { minimum: 1, description: 'Some.' }],
  ['range narrowed', 'past events', {}, { minimum: 0 }, { description: 'Any.' }],
  ['range widened', 'old readers', { minimum: 1 }, { minimum: 0 }, { minimum: 1 }],
  ['range widened', 'old readers', { exclusiveMinimum: 1 }, {}, { exclusiveMinimum: 1 }],
  ['range narrowed', 'past events', { maximum: 9 }, { maximum: 8 }, { maximum: 9 }],
  ['range widened', 'old readers', { maximum: 9 }, { maximum: 10 }, { maximum: 9 }],
  ['range widened', 'old readers', { exclusiveMaximum: 9 }, {}, { exclusiveMaximum: 9 }],
  ['range narrowed', 'past events', { minLength: 1 }, { minLength: 2 }, { minLength: 1 }],
  ['range widened', 'old readers', { minLength: 1 }, {}, { minLength: 1 }],
  ['range narrowed', 'past events', { maxLength: 9 }, { maxLength: 8 }, { maxLength: 9 }],
  ['range widened', 'old readers', { maxLength: 9 }, { maxLength: 10 }, { maxLength: 9 }],
  ['range narrowed', 'past events', { minItems: 1 }, { minItems: 2 }, { minItems: 1 }],
  ['range widened', 'old readers', { minItems: 1 }, { minItems: 0 }, { minItems: 1 }],
  ['range narrowed', 'past events', {}, { maxItems: 9 }, {}],
  ['range widened', 'old readers', { maxItems: 9 }, {}, { maxItems: 9 }],
  ['items added', 'past events', {}, { items: text }, {}],
  ['items dropped', 'old readers', { items: text }, {}, { items: { ...text, title: 'Word' } }],
];

describe.each(rules)('%s breaks %s', (rule, broken, last, breaking, passing) => {
  it(`from ${JSON.stringify(last)} to ${JSON.stringify(breaking)}`, () => {
    expect(rulesOf(around({ field: last }), around({ field: breaking }))).toEqual([
      ['$.lines[*].field', rule, broken],
    ]);
  });

  it(`not from ${JSON.stringify(last)} to ${JSON.stringify(passing)}`, () => {
    expect(rulesOf(around({ field: last }), around({ field: passing }))).toEqual([]);
  });
});

/** The rules about fields: the last revision, one that breaks it, the breaks, and one that passes. */
const fieldRules: readonly [
  last: JsonSchema,
  breaking: JsonSchema,
  breaks: readonly (readonly string[])[],
  passing: JsonSchema,
][] = [
  [
    around({ sku: text, more: text }),
    around({ sku: text }),
    [['$.lines[*].more', 'field removed or renamed', 'old readers']],
    around({ more: text, sku: text }),
  ],
  [
    around({ sku: text }, ['sku']),
    around({ code: text }, ['code']),
    [
      ['$.lines[*].sku', 'field removed or renamed', 'old readers'],
      ['$.lines[*].code', 'required field added', 'past events'],
    ],
    around({ sku: text, code: text }, ['sku']),
  ],
  [
    around({ sku: text }),
    around({ sku: text, more: text }, ['more']),
    [['$.lines[*].more', 'required field added', 'past events']],
    // Whatever a new optional field demands inside, no old event has it.
    around({ sku: text, more: around({ a: { const: 1 } }, ['a']) }),
  ],
  [
    around({ sku: text }),
    around({ sku: text }, ['sku']),
    [['$.lines[*].sku', 'field made required', 'past events']],
    around({ sku: text }, []),
  ],
  [
    around({ sku: text, more: text }, ['sku', 'more']),
    around({ sku: text, more: text }, ['more']),
    [['$.lines[*].sku', 'required field made optional', 'old readers']],
    around({ sku: text, more: text }, ['more', 'sku']),
  ],
];

describe.each(fieldRules)('fields (%#)', (last, breaking, breaks, passing) => {
  it(`break: ${breaks.map(([, rule]) => rule).join(', ')}`, () => {
    expect(rulesOf(last, breaking)).toEqual(breaks);
  });

  it('pass when every reader gets along with every event', () => {
    expect(rulesOf(last, passing)).toEqual([]);
  });
});

it('says what it was and what it is', () => {
  const details = incompatibilities(
    around({ a: { maximum: 9, pattern: '^a' } }),
    around({ a: { maximum: 10 } }),
  );

  expect(details.map(({ detail }) => detail)).toEqual(['from "^a" to none', 'maximum from 9 to 10']);
});

it('calls nothing but the type broken where the type is another: the rest follows from it', () => {
  expect(rulesOf({ type: 'string', maxLength: 5 }, { type: 'integer', maximum: 5 })).toEqual([
    ['$', 'type changed', both],
  ]);
});

it.each([
  ['patternProperties', { patternProperties: {} }],
  ['$ref', { $ref: '#/$defs/a' }],
  ['prefixItems', { prefixItems: [text] }],
])('fails at a keyword that it cannot compare: %s', (keyword, schema) => {
  const message = `$.lines[*].field: cannot compare "${keyword}"; teach it to compatibility.ts`;

  expect(() => incompatibilities(around({ field: schema }), around({ field: {} }))).toThrow(message);
  expect(() => incompatibilities(around({ field: {} }), around({ field: schema }))).toThrow(message);
  expect(() => assertComparable(around({ field: schema }))).toThrow(message);
});

it('takes a field that is called like an annotation for a field', () => {
  const titled = around({ title: { ...text, title: 'A title' } });

  expect(withoutAnnotations(titled)).toEqual(around({ title: text }));
  expect(rulesOf(titled, around({}))).toEqual([
    ['$.lines[*].title', 'field removed or renamed', 'old readers'],
  ]);
});

const schemas = workingContracts().map(({ schema }) => schema);
/** To compile a schema takes longer than to validate with it. */
const validators = new Map(schemas.map((schema) => [schema, validatorOf(schema)]));

it('finds every event compatible with itself, and can compare all of it', () => {
  for (const schema of schemas) {
    assertComparable(schema);
    expect(incompatibilities(schema, schema)).toEqual([]);
  }
});

it('what it calls compatible is so to a validator, in both directions', () => {
  const seen = { compatible: 0, incompatible: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...schemas).chain(edits), fc.nat(), ([last, next], seed) => {
      const compatible = incompatibilities(last, next).length === 0;
      seen[compatible ? 'compatible' : 'incompatible'] += 1;
      if (!compatible) return;
      const sample = { seed, numRuns: 2 };
      const refusedByNewReaders = fc.sample(instancesOf(last), sample).flatMap(validatorOf(next));
      const refusedByOldReaders = fc
        .sample(instancesOf(next), sample)
        .flatMap(validators.get(last) ?? validatorOf(last));
      expect([...refusedByNewReaders, ...refusedByOldReaders]).toEqual([]);
    }),
    { numRuns: 60 },
  );

  // About one in seven is a break; without both the property would say nothing.
  expect(Math.min(seen.compatible, seen.incompatible)).toBeGreaterThan(0);
});

/** A schema with the same one after one to three random edits, some harmless and some not. */
function edits(schema: JsonSchema): fc.Arbitrary<readonly [JsonSchema, JsonSchema]> {
  const places = placesIn(schema);
  const edit = fc.record({ place: fc.constantFrom(...places), change: fc.constantFrom(...changes) });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((list) => {
    const next: Editable = JSON.parse(JSON.stringify(schema));
    for (const { place, change } of list) change(place.reduce((at, key) => Object(at[key]), next));
    return [schema, next] as const;
  });
}

type Editable = Record<string, unknown>;

const changes: readonly ((at: Editable) => void)[] = [
  (at) => Object.assign(at, { description: 'In other words.' }),
  (at) => Object.assign(at, { examples: [1] }),
  (at) => at.properties && Object.assign(Object(at.properties), { added: { type: 'string', maxLength: 5 } }),
  (at) => at.properties && Object.assign(Object(at.properties), { later: { enum: ['x'] } }),
  (at) => Array.isArray(at.required) && at.required.reverse(),
  (at) => Array.isArray(at.required) && at.required.pop(),
  (at) => Array.isArray(at.enum) && at.enum.reverse(),
  (at) => Array.isArray(at.enum) && at.enum.pop(),
  (at) => at.maximum !== undefined && Object.assign(at, { maximum: 10 }),
  (at) => at.minLength !== undefined && Object.assign(at, { minLength: 2 }),
  (at) => at.maxItems !== undefined && Object.assign(at, { maxItems: 2 }),
  (at) => delete at.pattern,
  (at) => delete at.format,
  (at) => delete at.maxLength,
];

/** The path of every schema in a schema. */
function placesIn(schema: JsonSchema): readonly (readonly string[])[] {
  const fields = Object.entries<JsonSchema>(Object(schema.properties ?? {}));
  return [
    [],
    ...fields.flatMap(([name, field]) => placesIn(field).map((place) => ['properties', name, ...place])),
    ...(schema.items === undefined ? [] : placesIn(Object(schema.items)).map((place) => ['items', ...place])),
  ];
}
