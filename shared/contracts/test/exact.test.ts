import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as v from 'valibot';
import { isExact } from '../src/exact.ts';
import { eventDefinitions } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

/** What `isExact` shall tell, the long way. */
function isUnchanged(schema: v.GenericSchema, value: unknown): boolean {
  const { success, output } = v.safeParse(schema, value);
  return success && isDeepStrictEqual(asParsed(output), asParsed(value));
}

/** Jest's sandbox has prototypes of its own, which make equal values differ; parsed values have one kind only. */
const asParsed = (value: unknown) => JSON.parse(JSON.stringify(value) ?? 'null');

/** Where something stands in a JSON value: the keys that lead there. */
type Path = readonly string[];

/** Everything that is there, and in each object a field that nobody knows. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [] : [[...path, unknownField]];
  const inner = Object.entries(value).flatMap(([key, content]) => pathsIn(content, [...path, key]));
  return [path, ...keys, ...inner];
}

const unknownField = 'more';

/** A copy in which something else stands at a path, or nothing. */
function changed(value: unknown, [key, ...rest]: Path, content: unknown): unknown {
  if (key === undefined) return content;
  const copy = structuredClone(value) as Record<string, unknown>;
  const inner = changed(copy[key], rest, content);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

const edges = [
  undefined,
  null,
  '',
  0,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  'x'.repeat(2_000),
  '\u0000',
  'ä@b',
  'XXX',
];
const samples = eventDefinitions.map((definition) => ({ definition, event: sampleEvent(definition) }));

describe('an event', () => {
  it.each(samples)('is exact as it is: $definition.type', ({ definition: { schema }, event }) => {
    expect(isExact(schema, event)).toBe(true);
    expect(isExact(schema, JSON.parse(JSON.stringify(event)))).toBe(true);
  });

  it.each(samples)('is not with a field that nobody knows: $definition.type', ({ definition, event }) => {
    const additions = pathsIn(event).filter((path) => path.at(-1) === unknownField);

    for (const path of additions) expect(isExact(definition.schema, changed(event, path, 1))).toBe(false);
    expect(additions.length).toBeGreaterThanOrEqual(2);
  });

  it.each(samples)(
    'is exactly when its schema changes nothing: $definition.type',
    ({ definition, event }) => {
      const paths = fc.constantFrom(...pathsIn(event));
      const contents = fc.oneof(
        fc.constantFrom(...edges),
        fc.jsonValue(),
        fc.uuid(),
        fc.integer(),
        fc.string(),
      );
      const optional = fc.record(
        {
          traceparent: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', ''),
          replacedby: fc.constantFrom('orderly.order.placed.v2', 'other'),
          orderlyreplay: fc.constantFrom(true, 'true'),
        },
        { requiredKeys: [] },
      );

      fc.assert(
        fc.property(paths, contents, optional, (path, content, more) => {
          const value = changed({ ...event, ...more }, path, content);

          expect(isExact(definition.schema, value)).toBe(isUnchanged(definition.schema, value));
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('a schema', () => {
  it.each<[string, v.GenericSchema, unknown]>([
    ['that transforms', v.pipe(v.string(), v.trim()), 'x'],
    [
      'with a check of its own',
      v.pipe(
        v.string(),
        v.check(() => true),
      ),
      'x',
    ],
    [
      'with a check of an object',
      v.pipe(
        v.object({}),
        v.check(() => true),
      ),
      {},
    ],
    ['with two patterns', v.pipe(v.string(), v.regex(/x/), v.regex(/y/)), 'xy'],
    ['with a default', v.object({ a: v.optional(v.string(), 'x') }), { a: 'x' }],
    ['of a kind that is not known', v.union([v.string(), v.number()]), 'x'],
  ])('%s is asked itself', (_what, schema, value) => {
    expect(isUnchanged(schema, value)).toBe(true);
    expect(isExact(schema, value)).toBe(false);
  });

  it.each<[string, v.GenericSchema, unknown, unknown]>([
    ['a pipe in a pipe', v.pipe(v.pipe(v.string(), v.minLength(2)), v.maxLength(3)), 'xy', 'x'],
    ['the narrower of two limits', v.pipe(v.number(), v.minValue(2), v.minValue(1)), 2, 1],
    ['limits of a list', v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(2)), [1, 2], [1, 2, 3]],
    ['a whole number', v.pipe(v.number(), v.integer()), 1, 1.5],
    ['a number', v.number(), -1.5, Number.NaN],
    ['anything', v.object({ a: v.unknown() }), { a: null }, {}],
    [
      'pairs',
      v.pipe(v.record(v.pipe(v.string(), v.maxLength(2)), v.string()), v.maxEntries(1)),
      { a: 'x' },
      { abc: 'x' },
    ],
    ['how many pairs', v.pipe(v.record(v.string(), v.string()), v.maxEntries(1)), {}, { a: 'x', b: 'x' }],
    ['a list, which is no pairs', v.record(v.string(), v.string()), {}, []],
    ['a name that is dropped', v.record(v.string(), v.string()), {}, JSON.parse('{"__proto__":"x"}')],
    ['an optional field', v.object({ a: v.exactOptional(v.string()) }), {}, { a: undefined }],
  ])('is known: %s', (_what, schema, exact, other) => {
    expect(isExact(schema, exact)).toBe(true);
    expect(isExact(schema, other)).toBe(false);
  });
});
