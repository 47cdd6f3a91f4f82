import { parseFilter } from '../../src/google/pubsub/filter.ts';

const message = { type: 'orderly.order.placed.v1', region: 'eu', 'iana.org/language_tag': 'de', empty: '' };

describe('https://cloud.google.com/pubsub/docs/subscription-message-filter', () => {
  it.each([
    ['', true],
    ['attributes.type = "orderly.order.placed.v1"', true],
    ['attributes.type="orderly.order.PLACED.v1"', false],
    ['attributes.type != "x"', true],
    ['attributes.missing != "x"', true],
    ['attributes:region', true],
    ['attributes:empty', true],
    ['attributes:missing', false],
    ['attributes:toString', false],
    ['attributes:"iana.org/language_tag"', true],
    ['attributes."iana.org/language_tag" = "de"', true],
    ['hasPrefix(attributes.type, "orderly.order.")', true],
    ['hasPrefix(attributes.type, "orderly.stock.")', false],
    ['hasPrefix(attributes.missing, "")', false],
    ['NOT attributes:region', false],
    ['-attributes:region', false],
    ['attributes:region AND -attributes:missing', true],
    ['attributes:region AND attributes:empty AND attributes:missing', false],
    ['attributes:missing OR attributes.region = "us" OR attributes.region = "eu"', true],
    ['attributes:region AND (attributes.region = "us" OR hasPrefix(attributes.type, "orderly."))', true],
    ['NOT (attributes:region AND attributes:missing)', true],
    [String.raw`attributes.region = "\u0065\x75"`, true],
  ])('%s', (filter, matches) => {
    expect(parseFilter(filter)(message)).toBe(matches);
  });

  it.each([
    ['attributes:a AND attributes:b OR attributes:c', 'parentheses'],
    ['attributes.a = "com" AND ("net" OR "org")', 'not expected'],
    ['attributes.a = com', 'not a string literal'],
    ['attributes.a > "b"', 'position'],
    ['attributes.a', 'none of the operators'],
    ['data = "x"', 'not expected'],
    ['hasSuffix(attributes.a, "b")', 'not expected'],
    ['attributes:a and attributes:b', 'not expected'],
    ['(attributes:a', 'missing'],
    ['attributes:a AND', 'ends too early'],
    ['attributes.a = "unclosed', 'position'],
    [`attributes.a = "${'x'.repeat(250)}"`, '256 bytes'],
  ])('is refused: %s', (filter, reason) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ status: 'INVALID_ARGUMENT' }));
    expect(() => parseFilter(filter)).toThrow(reason);
  });
});
