import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as v from 'valibot';
import { isExact } from '../src/exact.ts';
import { eventDefinitions } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';
import { damaged } from './damaged.ts';

/** The expected answer of `isExact`, from valibot itself. */
function isUnchanged(schema: v.GenericSchema, value: unknown): boolean {
  const { success, output } = v.safeParse(schema, value);
  return success && isDeepStrictEqual(asParsed(output), asParsed(value));
}

/** Equal values differ by the prototypes of Jest's sandbox, unless both were parsed from JSON. */
const asParsed = (value: unknown) => JSON.parse(JSON.stringify(value) ?? 'null');

const samples = eventDefinitions.map((definition) => ({ definition, event: sampleEvent(definition) }));

describe('an event', () => {
  it.each(samples)(
    'is exact if and only if its schema changes nothing: $definition.type',
    ({ definition, event }) => {
      const optional = fc.record(
        {
          traceparent: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', ''),
          replacedby: fc.constantFrom('orderly.order.placed.v2', 'other'),
          orderlyreplay: fc.constantFrom(true, 'true'),
        },
        { requiredKeys: [] },
      );

      fc.assert(
        fc.property(fc.oneof(damaged(event), fc.constant(event)), optional, (value, more) => {
          const changed = typeof value === 'object' && !Array.isArray(value) ? { ...value, ...more } : value;

          expect(isExact(definition.schema, changed)).toBe(isUnchanged(definition.schema, changed));
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
    ['of an unknown kind', v.union([v.string(), v.number()]), 'x'],
  ])('%s is never exact: valibot decides', (_what, schema, value) => {
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
    [
      'the number of pairs',
      v.pipe(v.record(v.string(), v.string()), v.maxEntries(1)),
      {},
      { a: 'x', b: 'x' },
    ],
    ['that a list is no record', v.record(v.string(), v.string()), {}, []],
    ['a key that valibot drops', v.record(v.string(), v.string()), {}, JSON.parse('{"__proto__":"x"}')],
    ['an optional field', v.object({ a: v.exactOptional(v.string()) }), {}, { a: undefined }],
  ])('is understood: %s', (_what, schema, exact, other) => {
    expect(isExact(schema, exact)).toBe(true);
    expect(isExact(schema, other)).toBe(false);
  });
});
