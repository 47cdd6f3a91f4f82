import { Email, parse } from '@orderly/contracts';
import fc from 'fast-check';
import { maskAddresses, maskPersonal } from '../src/observability/mask.ts';

const label = fc.stringMatching(/^[\da-zA-Z]{1,12}$/);
/** Every form of address that the contracts accept. */
const address = fc
  .tuple(
    fc.stringMatching(/^[\w!#$%&'*+/=?^`{|}~-]{1,20}(\.[\w'&+-]{1,20}){0,2}$/),
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('.', '-'),
    fc.stringMatching(/^[a-zA-Z]{2,10}$/),
  )
  .map(([local, labels, separator, end]) => `${local}@${labels.join(separator)}.${end}`)
  .filter((text) => parse(Email, text).outcome === 'valid');

it('masks every address that the contracts accept, in any text, and nothing else of it', () => {
  // The characters around an address in text, JSON, headers and answers of mail servers.
  const around = fc.constantFrom(' ', '\n', '<', '>', '"', '\\"', '(', ')', ',', ';', ':', '[', ']');
  const text = fc.stringMatching(/^[a-z0-9 äöü.-]{0,20}$/);

  fc.assert(
    fc.property(address, around, around, text, text, (hidden, left, right, before, after) => {
      expect(maskAddresses(`${before}${left}${hidden}${right}${after}`)).toBe(
        `${before}${left}***@***${right}${after}`,
      );
    }),
  );
});

it('masks all addresses of a text, also where a URL encodes them', () => {
  fc.assert(
    fc.property(
      fc.array(address, { maxLength: 20 }),
      fc.constantFrom(' ', ', ', '><', '\n'),
      (all, between) => {
        const encoded = all.map((one) => `https://example.com/?to=${encodeURIComponent(one)}`);
        const masked = maskAddresses([...all, ...encoded].join(between));

        expect(all.filter((one) => masked.includes(one) || masked.includes(encodeURIComponent(one)))).toEqual(
          [],
        );
      },
    ),
  );
});

it('changes nothing in a text that is masked already', () => {
  fc.assert(
    fc.property(fc.string(), address, (text, one) => {
      const masked = maskAddresses(`${text}${one}`);
      expect(maskAddresses(masked)).toBe(masked);
    }),
  );
});

it.each(['a@b.cc@d.ee', 'a@b.cc.@d.ee', '-@-.-@0.aa'])('masks all of %s', (text) => {
  expect(maskAddresses(text)).toBe('***@***');
});

it.each([
  'jörg@bücher.example',
  'a/b=c?d{e}@example.com',
  'ada@sub.example.co.uk',
  `${'long'.repeat(100)}@example.com`,
])('masks %s, which the contracts do not accept', (other) => {
  expect(maskAddresses(`to <${other}>.`)).toBe('to <***@***>.');
});

it.each([
  '',
  'no address',
  '<00000000-0000-4000-8000-000000000000.order-confirmed@orderly>',
  'https://sqs.eu-central-1.amazonaws.com/000000000000/dev-order-events--inventory.fifo',
  'at x (/var/task/node_modules/@aws-sdk/client-sqs/dist/index.js:1:2)',
  '@example.com',
  'ada@',
  'a @ b.c',
])('leaves %j as it is', (text) => {
  expect(maskAddresses(text)).toBe(text);
});

it('takes linear time for a hostile text', () => {
  const texts = ['a', 'a.', '@', 'a@', '%40', 'a@b', 'a@b.'].map((part) =>
    part.repeat(200_000 / part.length),
  );
  const begun = performance.now();

  for (const text of texts) maskAddresses(text);

  // Some milliseconds; quadratic time would be minutes.
  expect(performance.now() - begun).toBeLessThan(30_000);
});

describe('free text of callers is masked', () => {
  const note = 'Ann Smith, "Flat 2" {rear}';

  it.each(['reference', 'metadata'])('as a member of a log line: %s', (name) => {
    expect(maskPersonal(name, note)).toBe('***');
    expect(maskPersonal(name, { 'gift note': note })).toBe('***');
  });

  it('in JSON inside of a text, and nothing else of it', () => {
    const event = { orderId: 'o-1', reference: note, metadata: { [note]: note, b: note }, total: 7 };

    expect(maskPersonal('error', `Failed: ${JSON.stringify(event)}`)).toBe(
      'Failed: {"orderId":"o-1","reference":"***","metadata":"***","total":7}',
    );
    expect(maskPersonal('error', JSON.stringify({ metadata: {}, a: 1 }))).toBe('{"metadata":"***","a":1}');
  });

  it('in the path of an issue', () => {
    const issues = `/data/metadata/${note}: A metadata value must not be empty`;

    expect(maskPersonal('message', issues)).toBe('/data/metadata/***: A metadata value must not be empty');
  });

  it('without a change to other members', () => {
    expect([maskPersonal('status', 200), maskPersonal('sku', 'A&B')]).toEqual([200, 'A&B']);
  });
});
