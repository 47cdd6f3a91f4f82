import { parse } from '@orderly/contracts';
import { EmailInput, SkuInput } from '../src/http/inputs.ts';

describe('a SKU as callers write it', () => {
  it.each([
    ['Caf\u0065\u0301 7', 'Caf\u00e9 7'],
    ['\u212b', '\u00c5'],
    ['\u1100\u1161', '\uac00'],
    ['A&B', 'A&B'],
  ])('is brought to NFC: %j', (written, sku) => {
    expect(parse(SkuInput, written)).toEqual({ ok: true, value: sku });
  });

  it('has 64 characters once it is in NFC', () => {
    expect(parse(SkuInput, 'e\u0301'.repeat(64))).toEqual({ ok: true, value: 'é'.repeat(64) });
    expect(parse(SkuInput, 'e\u0301'.repeat(65))).toMatchObject({ ok: false });
  });

  it('says what came instead of text', () => {
    expect(parse(SkuInput, 42)).toEqual({
      ok: false,
      issues: [{ path: '', message: 'A SKU must be a string, not a number' }],
    });
  });

  // U+FF0F and U+FF05 are compatibility forms, which NFC leaves alone.
  it.each(['a/b', '..', 'a\uff0fb'.replace('\uff0f', '/')])('is refused like any other: %j', (written) => {
    expect(parse(SkuInput, written)).toMatchObject({ ok: false });
  });
});

describe('an address as callers write it', () => {
  it.each([
    ["o'brien@example.com", "o'brien@example.com"],
    ['a&b@example.com', 'a&b@example.com'],
    ['kunde@xn--bcher-kva.example', 'kunde@xn--bcher-kva.example'],
    ['kunde@bücher.example', 'kunde@xn--bcher-kva.example'],
    ['kunde@BÜCHER.Example', 'kunde@xn--bcher-kva.example'],
    ['a@例え.テスト', 'a@xn--r8jz45g.xn--zckzah'],
    ['Ann@Example.com', 'Ann@Example.com'],
  ])('%j is sent to %j', (written, address) => {
    expect(parse(EmailInput, written)).toEqual({ ok: true, value: address });
  });

  it('is refused with the reason where the part before the @ is not ASCII', () => {
    expect(parse(EmailInput, 'jörg@bücher.example')).toEqual({
      ok: false,
      issues: [
        {
          path: '',
          message:
            'The part of an e-mail address before the @ must be ASCII: many mail servers take nothing else (RFC 6531)',
        },
      ],
    });
  });

  it.each([
    'a@bü cher.example',
    'a@bü/x.example',
    'a@b\u200d',
    '@bücher.example',
    'bücher.example',
    `a@${'ü'.repeat(300)}.example`,
  ])('is refused: %j', (written) => {
    expect(parse(EmailInput, written)).toMatchObject({ ok: false });
  });
});
