import fc from 'fast-check';
import * as v from 'valibot';
import { contractArtefacts } from '../../../tools/codegen/contracts/build.ts';
import { contractOf } from '../../../tools/codegen/contracts/contract.ts';
import { staleFiles } from '../../../tools/codegen/contracts/files.ts';
import { jsonSchemaOf } from '../../../tools/codegen/contracts/json-schema.ts';
import * as contracts from '../src/index.ts';
import { eventDefinitions } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';
import { damaged } from './damaged.ts';
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
});

const events = eventDefinitions.map((definition) => ({
  name: definition.name,
  definition,
  sample: sampleEvent(definition),
  ...contractOf(definition),
}));

describe.each(events)('the schema of $name', ({ definition, sample, schema }) => {
  const errors = validatorOf(schema);

  it('names itself', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: definition.dataschema,
      title: definition.name,
      description: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it('accepts the example, also with unknown fields', () => {
    expect(errors(sample)).toEqual([]);
    expect(errors({ ...sample, added: 1, data: { ...Object(sample.data), added: 1 } })).toEqual([]);
  });

  it('refuses and accepts the same events as the run-time check', () => {
    fc.assert(
      fc.property(damaged(sample), (event) => {
        const parsed = contracts.parse(definition.schema, event);
        const found = errors(event);

        // A validator knows the days of each month; our patterns, made for speed, do not.
        const onlyNoDate =
          found.length > 0 &&
          found.every(({ params }) => parsed.outcome === 'valid' && params.format === 'date-time');
        expect(found.length === 0 || onlyNoDate).toBe(parsed.outcome === 'valid');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a schema and the run-time check differ', () => {
  const errors = validatorOf(contractOf(contracts.ProductUpserted).schema);
  const accepts = (event: object) => ({
    schema: errors(event).length === 0,
    parse: contracts.parse(contracts.ProductUpserted.schema, event).outcome === 'valid',
  });
  const sample = sampleEvent(contracts.ProductUpserted);

  it('on the 31st of February, which only a validator refuses', () => {
    expect(accepts({ ...sample, time: '2026-02-31T12:00:00Z' })).toEqual({ schema: false, parse: true });
  });

  it('on a UUID written as a URN, which some validators accept', () => {
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

  it('adds formats for code generators where our own patterns have one', () => {
    expect([jsonSchemaOf(contracts.OrderId).format, jsonSchemaOf(contracts.Timestamp).format]).toEqual([
      'uuid',
      'date-time',
    ]);
  });
});
