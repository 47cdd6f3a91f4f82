import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import { holds } from '../src/postgres/condition.ts';
import { fromJson, fromStored, toJson, toStored } from '../src/postgres/json.ts';
import { within } from '../src/table/condition.ts';

/** Often with the characters that are stored in another way. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('\0', '\u0001', '\u0002', '\\', 'u0001', '"'),
      fc.string({ unit: anyCharacter }),
    ),
  )
  .map((parts) => parts.join(''));

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any')),
    fc.dictionary(text, tie('any')),
  ),
})).any;

it('an item is read as it was written', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value, { noNullPrototype: true }), (item) => {
      expect(JSON.stringify(fromJson(toJson(item)))).toBe(JSON.stringify(item));
    }),
  );
});

it('what is stored has no U+0000', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value), (item) => {
      const stored: unknown = JSON.parse(toJson(item));
      expect(JSON.stringify(stored)).not.toMatch(/(?<!\\)(\\\\)*\\u0000/);
    }),
  );
});

it('texts are read as they were written, and keep their order', () => {
  const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(fromStored(toStored(a))).toBe(a);
      expect(compare(toStored(a), toStored(b))).toBe(compare(a, b));
    }),
  );
});

it('a number within bounds is within them, and no other', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (number, min, max) => {
      expect(holds(within({ number: { min, max } }), { number })).toBe(min <= number && number <= max);
    }),
  );
});
