import fc from 'fast-check';

/** Code points of UTF-16's surrogates, which are no characters alone. */
const [firstSurrogate, surrogates] = [0xd800, 0x800];
const last = 0x10ffff;

/**
 * Any character of Unicode, astral planes and non-characters included: a `unit` of fast-check's texts.
 *
 * Its own unit `binary` takes the same characters, and a second in each test file: it fills a table of all 1.1 million.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: last - surrogates })
  .map((place) => String.fromCodePoint(place < firstSurrogate ? place : place + surrogates), placeOf);

/** @throws Error for what is no such character, which fast-check takes for a value from elsewhere */
function placeOf(value: unknown): number {
  const point = typeof value === 'string' ? value.codePointAt(0) : undefined;
  const isSurrogate = point !== undefined && point >= firstSurrogate && point < firstSurrogate + surrogates;
  if (point === undefined || isSurrogate || String.fromCodePoint(point) !== value) {
    throw new Error(`${JSON.stringify(value)} is no character`);
  }
  return point < firstSurrogate ? point : point - surrogates;
}
