import fc from 'fast-check';
import { anyCharacter } from '../src/any-character.ts';

it.each([
  ['a letter', 'a'],
  ['the first character', '\0'],
  ['the last before the surrogates', '\ud7ff'],
  ['the first behind them', '\ue000'],
  ['a non-character', '\uffff'],
  ['the last of all', '\u{10ffff}'],
])('takes %s', (_what, character) => {
  expect(anyCharacter.canShrinkWithoutContext(character)).toBe(true);
});

it.each([
  ['nothing', ''],
  ['half of a character', '\ud800'],
  ['the other half', '\udfff'],
  ['two', 'ab'],
  ['no text', 7],
])('does not take %s', (_what, value) => {
  expect(anyCharacter.canShrinkWithoutContext(value)).toBe(false);
});

it("draws what fast-check's own unit draws from the same seed", () => {
  const of = (unit: NonNullable<fc.StringConstraints['unit']>) =>
    fc.sample(fc.string({ unit }), { seed: 7, numRuns: 500 });

  expect(of(anyCharacter)).toEqual(of('binary'));
});
