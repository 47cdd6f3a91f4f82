import { parse } from '@orderly/contracts';
import { EmailInput } from '../src/http/email-input.ts';

describe('an e-mail address that a caller writes', () => {
  it.each([
    ["o'brien@example.com", "o'brien@example.com"],
    ['a&b@example.com', 'a&b@example.com'],
    ['kunde@xn--bcher-kva.example', 'kunde@xn--bcher-kva.example'],
    ['kunde@bücher.example', 'kunde@xn--bcher-kva.example'],
    ['kunde@BÜCHER.Example', 'kunde@xn--bcher-kva.example'],
    ['a@例え.テスト', 'a@xn--r8jz45g.xn--zckzah'],
    ['Ann@Example.com', 'Ann@Example.com'],
  ])('%j is sent to %j', (written, address) => {
    expect(parse(EmailInput, written)).toEqual({ outcome: 'valid', value: address });
  });

  it('is refused with the reason if the part before the @ is not ASCII', () => {
    expect(parse(EmailInput, 'jörg@bücher.example')).toEqual({
      outcome: 'invalid',
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
    expect(parse(EmailInput, written)).toMatchObject({ outcome: 'invalid' });
  });
});
