import { buildSync } from 'esbuild';
import fc from 'fast-check';
import * as v from 'valibot';
import { contractArtefacts } from '../../../tools/codegen/contracts/build.ts';
import { contractOf } from '../../../tools/codegen/contracts/contract.ts';
import { staleFiles } from '../../../tools/codegen/contracts/files.ts';
import { jsonSchemaOf } from '../../../tools/codegen/contracts/json-schema.ts';
import * as contracts from '../src/index.ts';
import { eventDefinitions } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';
import { validatorOf } from './validator.ts';

describe('the generated schemas and examples', () => {
  it('are the same bytes at every build', () => {
    expect(contractArtefacts()).toEqual(contractArtefacts());
  });

  it.each([
    [[], ['a.json is missing']],
    [[{ path: 'a.json', content: '{}' }], ['a.json is not what the source says']],
    [
      [
        { path: 'a.json', content: '[]' },
        { path: 'b.json', content: '[]' },
      ],
      ['b.json is of no event'],
    ],
    [[{ path: 'a.json', content: '[]' }], []],
  ])('are held against it: %j', (there, problems) => {
    expect(staleFiles(there, [{ path: 'a.json', content: '[]' }])).toEqual(problems);
  });

  it('hold every event that the package exports', () => {
    const exported = Object.values(contracts).filter(
      (value) => typeof value === 'object' && 'dataschema' in value,
    );

    expect(new Set(eventDefinitions)).toEqual(new Set(exported));
  });
});

const events = eventDefinitions.map((definition) => ({
  name: definition.name,
  definition,
  sample: sampleEvent(definition),
  ...contractOf(definition),
}));

describe.each(events)('the schema of $name', ({ definition, sample, schema }) => {
  const errors = validatorOf(schema);

  it('says what it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: definition.dataschema,
      title: definition.name,
      description: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it('accepts the example, and fields added later', () => {
    expect(errors(sample)).toEqual([]);
    expect(errors({ ...sample, added: 1, data: { ...Object(sample.data), added: 1 } })).toEqual([]);
  });

  it('refuses and accepts what the run-time check does', () => {
    fc.assert(
      fc.property(broken(sample), (event) => {
        const parsed = contracts.parse(definition.schema, event);
        const found = errors(event);

        // A validator knows how many days a month has; our patterns, made for speed, do not.
        const onlyNoDate =
          found.length > 0 && found.every(({ params }) => parsed.ok && params.format === 'date-time');
        expect(found.length === 0 || onlyNoDate).toBe(parsed.ok);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a schema and the run-time check differ', () => {
  const errors = validatorOf(contractOf(contracts.ProductUpserted).schema);
  const accepts = (event: object) => ({
    schema: errors(event).length === 0,
    parse: contracts.parse(contracts.ProductUpserted.schema, event).ok,
  });
  const sample = sampleEvent(contracts.ProductUpserted);

  it('on the 31st of February, which only a validator knows not to be', () => {
    expect(accepts({ ...sample, time: '2026-02-31T12:00:00Z' })).toEqual({ schema: false, parse: true });
  });

  it('on a UUID written as a URN, which some validators take', () => {
    const id = `urn:uuid:${sample.id}`;

    expect(accepts({ ...sample, id })).toEqual({ schema: true, parse: false });
  });

  it('on the length of text: JSON Schema counts characters, JavaScript UTF-16 units, two for an emoji', () => {
    const named = (name: string) => accepts({ ...sample, data: { ...sample.data, name } });

    expect(named('🎁'.repeat(100))).toEqual({ schema: true, parse: true });
    expect(named('🎁'.repeat(101))).toEqual({ schema: true, parse: false });
  });
});

describe('jsonSchemaOf', () => {
  it.each<[string, contracts.Schema<unknown>, string]>([
    ['a pattern with flags', v.pipe(v.string(), v.regex(/^a$/i)), 'flags'],
    [
      'two patterns',
      v.pipe(v.string(), v.regex(/^a/), v.regex(/b$/)),
      'Two patterns in one place, ^a and b$',
    ],
    [
      'a check of its own',
      v.pipe(
        v.string(),
        v.check((text) => text !== ''),
      ),
      'check',
    ],
    ['a transformation', v.pipe(v.string(), v.transform(Number)), 'transform'],
  ])('refuses %s rather than leaving it out', (_what, schema, message) => {
    expect(() => jsonSchemaOf(schema)).toThrow(message);
  });

  it('tells code generators what a pattern stands for', () => {
    expect([jsonSchemaOf(contracts.OrderId).format, jsonSchemaOf(contracts.Timestamp).format]).toEqual([
      'uuid',
      'date-time',
    ]);
  });
});

describe('a bundle', () => {
  it.each(eventDefinitions.map(({ name, type }) => [name, type]))(
    'with %s holds no other event',
    (name, type) => {
      const { outputFiles } = buildSync({
        stdin: { contents: `export { ${name} } from '@orderly/contracts'`, resolveDir: __dirname },
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
      });

      const types = outputFiles[0]?.text.match(/orderly\.[a-z]+\.[a-z]+\.v\d+/g);
      expect(types).toEqual([type]);
    },
  );
});

/** Values of every kind, most of them wrong wherever they are put. */
const anything = fc.oneof(
  fc.constantFrom(null, true, '', [], {}, 'EUR', 'eur', 'log', 'a@b', 'a@b.co', 'a\n'),
  fc.constantFrom(
    '\u0000',
    'x'.repeat(129),
    'x'.repeat(1_000),
    ' ',
    '2026-01-31',
    '1970-01-01T00:00:00.000Z',
  ),
  fc.constantFrom(
    -1,
    0,
    0.5,
    1,
    100_000,
    100_001,
    1_000_000_000_000_000,
    1_000_000_000_000_001,
    1_000_000_001,
    2 ** 53,
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
);

/** A text with one character replaced, inserted or taken away. */
const edited = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.nat(text.length),
      gone: fc.nat(1),
      put: fc.constantFrom(
        '',
        '0',
        '1',
        '9',
        'a',
        'G',
        'Z',
        '-',
        '.',
        ':',
        '@',
        '/',
        ' ',
        '\n',
        'é',
        '\u0000',
      ),
    })
    .map(({ at, gone, put }) => text.slice(0, at) + put + text.slice(at + gone));

/** The value with one thing in it changed, at any depth: replaced, edited, removed, doubled or added. */
function broken(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) {
    const inside = value.map((item: unknown, index) =>
      broken(item).map((other) => value.map((old: unknown, at) => (at === index ? other : old))),
    );
    const lengths = [[], [...value, ...value], Array.from({ length: 1_001 }, () => value[0])];
    return fc.oneof(...inside, fc.constantFrom(...lengths), anything);
  }
  if (typeof value === 'object' && value !== null) {
    const inside = Object.entries(value).flatMap(([key, field]) => {
      const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      // Fields further down should be hit as often as those above.
      return [
        { weight: 1, arbitrary: fc.constant(rest) },
        { weight: 2 * sizeOf(field), arbitrary: broken(field).map((other) => ({ ...value, [key]: other })) },
      ];
    });
    return fc.oneof(
      ...inside,
      fc.record({ added: anything }).map((added) => ({ ...value, ...added })),
    );
  }
  return typeof value === 'string' ? fc.oneof(edited(value), anything) : anything;
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((total: number, field) => total + sizeOf(field), 1)
    : 1;
