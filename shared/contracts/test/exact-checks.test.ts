import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import * as v from 'valibot';
import { exactChecksOf } from '../../../tools/codegen/contracts/exact-checks.ts';
import * as currency from '../src/currency.ts';
import { Currency, defineEvent, eventDefinitions, OrderPlaced } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';
import { damaged } from './damaged.ts';

/** The expected answer of an exact check, from valibot itself. */
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

          expect(definition.isExact?.(changed)).toBe(isUnchanged(definition.schema, changed));
        }),
        { numRuns: 500 },
      );
    },
  );
});

/** The generated check of data, run: what `npm run contracts:build` would write for an event of this schema. */
function generated(data: v.GenericSchema): (value: unknown) => boolean {
  const definition = defineEvent({ topic: 'order-events', type: 'orderly.order.made.v1', data });
  const { code } = transformSync(exactChecksOf([definition]), { loader: 'ts', format: 'cjs' });
  const module = { exports: {} as { readonly isOrderMadeV1?: (event: unknown) => boolean } };
  runInNewContext(code, { module, require: () => currency });
  const { type: _, ...envelope } = sampleEvent(OrderPlaced);
  return (value) =>
    module.exports.isOrderMadeV1?.({ ...envelope, type: definition.type, data: value }) === true;
}

describe('a schema', () => {
  it.each<[string, v.GenericSchema]>([
    ['that transforms', v.pipe(v.string(), v.trim())],
    [
      'with a check of its own',
      v.pipe(
        v.string(),
        v.check(() => true),
      ),
    ],
    [
      'with a check of an object',
      v.pipe(
        v.object({}),
        v.check(() => true),
      ),
    ],
    ['with a default', v.object({ a: v.optional(v.string(), 'x') })],
    ['with a nullable field', v.object({ a: v.nullable(v.string()) })],
    ['of an unknown kind', v.union([v.string(), v.number()])],
  ])('%s has no code: its event is left to valibot', (_what, schema) => {
    expect(() => generated(schema)).toThrow('No code for');
  });

  it.each<[string, v.GenericSchema, unknown, unknown]>([
    ['a pipe in a pipe', v.pipe(v.pipe(v.string(), v.minLength(2)), v.maxLength(3)), 'xy', 'x'],
    ['the narrower of two limits', v.pipe(v.number(), v.minValue(2), v.minValue(1)), 2, 1],
    ['limits of a list', v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(2)), [1, 2], [1, 2, 3]],
    ['a hole in a list', v.array(v.number()), [1], Object.assign([], { 1: 2 })],
    ['a whole number', v.pipe(v.number(), v.integer()), 1, 1.5],
    ['a number', v.number(), -1.5, Number.NaN],
    ['two patterns', v.pipe(v.string(), v.regex(/x/), v.regex(/y/)), 'xy', 'x'],
    ['repetitions', v.pipe(v.string(), v.regex(/^[a-c\]]{3}[x]{2,}[y]{1}?$/)), 'ab]xxy', 'abxxy'],
    ['anything', v.object({ a: v.unknown() }), { a: null }, {}],
    ['a literal', v.literal('x'), 'x', 'y'],
    ['a choice', v.picklist(['x', 'y']), 'y', 'z'],
    ['a currency', Currency, 'EUR', 'EUX'],
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
    ['objects of the same fields', v.array(v.object({ a: v.string() })), [{ a: 'x' }], [{ a: 'x', b: 'x' }]],
  ])('is understood: %s', (_what, schema, exact, other) => {
    const isExact = generated(schema);

    expect([isExact(exact), isUnchanged(schema, exact)]).toEqual([true, true]);
    expect([isExact(other), isUnchanged(schema, other)]).toEqual([false, false]);
  });
});
