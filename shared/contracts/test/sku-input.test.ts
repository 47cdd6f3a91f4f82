import { parse, SkuInput } from '../src/index.ts';

describe('a SKU that a caller writes', () => {
  it.each([
    ['Caf\u0065\u0301 7', 'Caf\u00e9 7'],
    ['\u212b', '\u00c5'],
    ['\u1100\u1161', '\uac00'],
    ['A&B', 'A&B'],
  ])('is brought to NFC: %j', (written, sku) => {
    expect(parse(SkuInput, written)).toEqual({ outcome: 'valid', value: sku });
  });

  it('may have 64 characters, counted in NFC', () => {
    expect(parse(SkuInput, 'e\u0301'.repeat(64))).toEqual({ outcome: 'valid', value: 'é'.repeat(64) });
    expect(parse(SkuInput, 'e\u0301'.repeat(65))).toMatchObject({ outcome: 'invalid' });
  });

  it('is refused with its type when it is no text', () => {
    expect(parse(SkuInput, 42)).toEqual({
      outcome: 'invalid',
      issues: [{ path: '', message: 'A SKU must be a string, not a number' }],
    });
  });

  it.each(['a/b', '..'])('is refused by the rules of every SKU: %j', (written) => {
    expect(parse(SkuInput, written)).toMatchObject({ outcome: 'invalid' });
  });
});
