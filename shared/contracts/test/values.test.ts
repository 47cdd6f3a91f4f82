import * as v from 'valibot';
import {
  AdjustmentQuantity,
  Amount,
  Channel,
  Currency,
  Customer,
  CustomerId,
  Email,
  Metadata,
  NotificationKind,
  OrderId,
  OrderLine,
  OrderPlaced,
  Price,
  ProductName,
  parse,
  Quantity,
  Reason,
  Reference,
  type Schema,
  Shortage,
  Sku,
  SkuQuantity,
  StockLevel,
  StockReserved,
  Timestamp,
} from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

/** Nests the field, so that the tests see whether issues name it. */
const field = (schema: Schema<unknown>) => v.object({ outer: v.object({ field: schema }) });
const check = (schema: Schema<unknown>, value: unknown) => parse(field(schema), { outer: { field: value } });

const integers: readonly [string, Schema<unknown>, number, number][] = [
  ['A price', Price, 0, 1_000_000_000_000_000],
  ['An amount', Amount, 0, Number.MAX_SAFE_INTEGER],
  ['A quantity', Quantity, 1, 100_000],
  ['A stock level', StockLevel, 0, 1_000_000_000],
  ['A quantity', AdjustmentQuantity, -1_000_000, 1_000_000],
];

describe.each(integers)('%s', (what, schema, min, max) => {
  it.each([min, max])('may be %d, the end of its range', (value) => {
    expect(check(schema, value)).toEqual({ outcome: 'valid', value: { outer: { field: value } } });
  });

  it.each([
    [min - 1, `${what} must be at least ${min}`],
    [max + 1, `${what} must be at most ${max}`],
    [min + 0.5, `${what} must be an integer`],
    [String(max), `${what} must be a number`],
    [null, `${what} must be a number`],
    [Number.NaN, `${what} must be a number`],
  ])('must not be %j: %s', (value, message) => {
    const parsed = check(schema, value);

    expect(parsed).toMatchObject({ outcome: 'invalid', issues: [{ path: '/outer/field' }] });
    expect(parsed.outcome === 'valid' ? [] : parsed.issues.map((issue) => issue.message)).toContain(message);
  });
});

it('an adjustment quantity of zero is refused', () => {
  expect(check(AdjustmentQuantity, 0)).toEqual({
    outcome: 'invalid',
    issues: [{ path: '/outer/field', message: 'A quantity must not be zero' }],
  });
});

const texts: readonly [string, Schema<unknown>, number][] = [
  ['A product name', ProductName, 200],
  ['A reason', Reason, 500],
  ['A reference', Reference, 64],
];

describe.each(texts)('%s', (what, schema, max) => {
  it.each(['x', 'x'.repeat(max), 'Größe "M" – 10 € 🎁', '日本語', ' x ', 'می\u200cخواهم', '👩\u200d👧'])(
    'may be %j',
    (value) => {
      expect(check(schema, value)).toMatchObject({ outcome: 'valid' });
    },
  );

  it.each([
    ['', `${what} must not be empty`],
    ['x'.repeat(max + 1), `${what} must be at most ${max} characters long`],
    ['line\nbreak', `${what} must not hold control characters or lone surrogates`],
    ['nul\u0000', `${what} must not hold control characters or lone surrogates`],
    ['del\u007f', `${what} must not hold control characters or lone surrogates`],
    ['half \ud800', `${what} must not hold control characters or lone surrogates`],
    ['\u202egnp.exe', `${what} must not hold bidirectional control characters`],
    ['a\u2066b\u2069', `${what} must not hold bidirectional control characters`],
    ['a\u200f', `${what} must not hold bidirectional control characters`],
    [' ', `${what} must not be blank`],
    ['\u00a0\u3000 ', `${what} must not be blank`],
    ['\u200b\u3164\u2800', `${what} must not be blank`],
    [5, `${what} must be a string, not a number`],
  ])('must not be %j: %s', (value, message) => {
    expect(check(schema, value)).toEqual({ outcome: 'invalid', issues: [{ path: '/outer/field', message }] });
  });
});

const hex = '0192f0c1-7e00-7000-8000-00000000abcd';
const local = 'a'.repeat(64);
const address = (length: number) => {
  const domain = `${'d'.repeat(59)}.`.repeat(3);
  return `${local}@${domain}${'d'.repeat(length - local.length - domain.length - 5)}.com`;
};

const patterns: readonly [string, Schema<unknown>, readonly string[], readonly unknown[]][] = [
  [
    'a SKU',
    Sku,
    [
      ...'A 85123A a.b_c-d -a .a ... A&B ä 日本語'.split(' '),
      ...['two words', 'ДЕТАЛЬ 7', `!"$'()*+,:;<=>@[]^_\`{|}~`, 'z'.repeat(64), '🎁'.repeat(64)],
    ],
    [
      ...['', ' ', ' a', 'a ', '\u00a0a', 'a\u3000', 'z'.repeat(65), '🎁'.repeat(65)],
      ...'a/b a\\b a? a#1 5% . ..'.split(' '),
      ...['a\n', 'a\u0000b', '\ud800', 'a\u200bb', 'a\u202eb', '\ue000', 'a\u2028b', '\u3164'],
    ],
  ],
  [
    'an order id',
    OrderId,
    [hex, 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['', hex.toUpperCase(), `${hex}0`, hex.slice(1), hex.replaceAll('-', ''), `{${hex}}`, 5],
  ],
  [
    'a customer id',
    CustomerId,
    ['1', '17850', 'auth0|5f7c', 'a.b_c:d|e@f-g', '@'.repeat(64)],
    ['', 'a'.repeat(65), 'a b', 'a/b', 'ä', 'a#', 'a\n', 17850],
  ],
  [
    'an e-mail address',
    Email,
    [
      ...`a@b.co first.last+tag@sub.example.co.uk o'brien@example.com a&b@example.com`.split(' '),
      ...`!#$%&'*+/=?^_\`{|}~-.x@example.com kunde@xn--bcher-kva.example a@example.xn--fiqs8s`.split(' '),
      ...[address(254), `${local}@example.com`],
    ],
    [
      ...'nobody @b.co a@ a@b a@b.c .a@b.co a.@b.co a..a@b.co "a"@b.co jörg@example.com'.split(' '),
      ...'a@bücher.example a@-b.co a@b-.co a@[192.0.2.1] a@192.0.2.1 a@b..co'.split(' '),
      ...['', 'a b@c.de', `a${local}@example.com`, `a@${'d'.repeat(64)}.com`, address(255), 1],
      ...['a@b.co\n', 'a@b.co, c@d.ef'],
    ],
  ],
  [
    'a timestamp',
    Timestamp,
    ['2026-01-31T12:00:00.000Z', new Date(0).toISOString(), '9999-12-31T23:59:59.999Z'],
    [
      ...'2026-01-31 2026-01-31T12:00:00Z 2026-01-31T12:00:00.000+01:00 +12026-01-31T12:00:00.000Z'.split(
        ' ',
      ),
      ...'2026-00-31 2026-13-31 2026-01-00 2026-01-32'.split(' ').map((day) => `${day}T12:00:00.000Z`),
      ...'24:00:00 12:60:00 12:00:60'.split(' ').map((time) => `2026-01-31T${time}.000Z`),
      ...['', '2026-01-31 12:00:00.000Z', '2026-01-31T12:00:00.000Z\n', 1_769_860_800_000],
    ],
  ],
  [
    'a currency',
    Currency,
    ['EUR', 'GBP', 'USD', 'JPY', 'CHF', 'XAF', 'XCG', 'ZWG'],
    ['', 'XXX', 'XTS', 'XAU', 'EURO', 'eur', 'Eur', 'EU', 'DEM', 'BGN', 'ABC', 978, null],
  ],
  ['a channel', Channel, ['log', 'smtp', 'ses'], ['', 'sms', 'SMTP', null]],
  [
    'a kind of notification',
    NotificationKind,
    ['order-confirmed', 'order-rejected', 'order-cancelled', 'order-shipped'],
    ['', 'order-placed', 'OrderShipped'],
  ],
];

describe.each(patterns)('%s', (_what, schema, accepted, refused) => {
  it.each(accepted)('may be %j', (value) => {
    expect(check(schema, value)).toEqual({ outcome: 'valid', value: { outer: { field: value } } });
  });

  it.each(refused)('must not be %j', (value) => {
    expect(check(schema, value)).toMatchObject({ outcome: 'invalid', issues: [{ path: '/outer/field' }] });
  });
});

const { data: order } = sampleEvent(OrderPlaced);

describe('an object of values', () => {
  it.each<[string, Schema<unknown>, object]>([
    ['SkuQuantity', SkuQuantity, { sku: 'A', quantity: 1 }],
    ['Shortage', Shortage, { sku: 'A', requested: 1, available: 0 }],
    ['Customer', Customer, order.customer],
    ['OrderLine', OrderLine, { ...order.lines[0] }],
  ])('%s needs each of its fields and drops any other', (_name, schema, value) => {
    expect(parse(schema, { ...value, more: 1 })).toEqual({ outcome: 'valid', value });
    for (const key of Object.keys(value)) {
      expect(parse(schema, { ...value, [key]: undefined })).toMatchObject({
        outcome: 'invalid',
        issues: [{ path: `/${key}` }],
      });
    }
  });
});

describe('the lines of an event', () => {
  const orderWith = (count: number) => () =>
    sampleEvent(OrderPlaced, {
      data: { lines: Array.from({ length: count }, () => order.lines.slice(0, 1)).flat() },
    });
  const stockWith = (count: number) => () =>
    sampleEvent(StockReserved, {
      data: { lines: Array.from({ length: count }, () => ({ sku: 'A', quantity: 1 })) },
    });

  it.each([1, 1000])('may be %d', (count) => {
    expect(orderWith(count)().data.lines).toHaveLength(count);
    expect(stockWith(count)().data.lines).toHaveLength(count);
  });

  it.each([0, 1001])('must not be %d', (count) => {
    expect(orderWith(count)).toThrow('/data/lines');
    expect(stockWith(count)).toThrow('/data/lines');
  });
});

it.each<[string, Schema<unknown>, unknown, string]>([
  ...['/', '\\', '?', '#', '%'].map((character): [string, Schema<unknown>, unknown, string] => [
    `"${character}" in a SKU`,
    Sku,
    `a${character}b`,
    `A SKU must not hold "${character}", which a URL path cannot address`,
  ]),
  ['a SKU of a dot', Sku, '.', 'A SKU must not be ".", which a URL path cannot address'],
  ['a SKU of two dots', Sku, '..', 'A SKU must not be "..", which a URL path cannot address'],
  ['a SKU with a blank at its end', Sku, 'a ', 'A SKU must not begin or end with a blank'],
  ['a SKU without a character', Sku, '', 'A SKU is 1 to 64 characters long, not 0'],
  ['a SKU that is too long', Sku, 'x'.repeat(65), 'A SKU is 1 to 64 characters long, not 65'],
  ['a SKU that cannot be seen', Sku, 'a\u200b', 'A SKU must hold printable characters only'],
  [
    'an address whose local part is not ASCII',
    Email,
    'jörg@example.com',
    'The part of an e-mail address before the @ must be ASCII: many mail servers take nothing else (RFC 6531)',
  ],
  ['what is no address', Email, 'nobody', 'Not an e-mail address'],
  ['a customer id that is a number', CustomerId, 42, 'A customer id must be a string, not a number'],
  ['a SKU that is a list', Sku, ['A'], 'A SKU must be a string, not a list'],
  ['an address that is null', Email, null, 'An e-mail address must be a string, not null'],
  ['a name that is an object', ProductName, {}, 'A product name must be a string, not an object'],
  ['an order id that is true', OrderId, true, 'An order id must be a string, not a boolean'],
  ['a timestamp that is a number', Timestamp, 0, 'A timestamp must be a string, not a number'],
  ['a currency that is a number', Currency, 978, 'A currency must be a string, not a number'],
])('the message names the fault of %s', (_what, schema, value, message) => {
  expect(check(schema, value)).toEqual({ outcome: 'invalid', issues: [{ path: '/outer/field', message }] });
});

it('the price of a laptop fits in every currency, also in Indonesian rupiah and Iranian rial', () => {
  for (const [currency, minorUnits] of [
    ['IDR', 15_000_000_00],
    ['IRR', 1_200_000_000_00],
    ['LBP', 89_500_000_00],
    ['VND', 26_000_000],
  ]) {
    expect(
      parse(Currency, currency).outcome === 'valid' && parse(Price, minorUnits).outcome === 'valid',
    ).toBe(true);
  }
});

describe('metadata', () => {
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));

  it.each([
    {},
    pairs(20),
    { ['k'.repeat(40)]: 'v'.repeat(500) },
    { 'gift note': 'Für Ann 🎁\n\tAlles Gute' },
    { note: '' },
  ])('may be %j', (value) => {
    expect(parse(Metadata, value)).toEqual({ outcome: 'valid', value });
  });

  const unseen =
    'A metadata value must not hold lone surrogates or control characters other than tabs and line breaks';
  it.each<[unknown, string, string]>([
    [pairs(21), '', 'Metadata has at most 20 pairs'],
    [
      { ['k'.repeat(41)]: 'v' },
      `/${'k'.repeat(41)}`,
      'The name of a metadata pair must be at most 40 characters long',
    ],
    [{ '': 'v' }, '/', 'The name of a metadata pair must not be empty'],
    [{ a: 'v'.repeat(501) }, '/a', 'A metadata value must be at most 500 characters long'],
    [{ a: 'a\u0000' }, '/a', unseen],
    [{ a: '\ud83c' }, '/a', unseen],
    [{ a: 7 }, '/a', 'A metadata value must be a string, not a number'],
    [{ a: { b: 'c' } }, '/a', 'A metadata value must be a string, not an object'],
    ['note', '', 'Metadata must be an object whose values are strings'],
  ])('must not be %j', (value, path, message) => {
    expect(parse(Metadata, value)).toMatchObject({ outcome: 'invalid', issues: [{ path, message }] });
  });
});

it('the time to check texts and addresses grows no faster than their length', () => {
  const hostile = ['a', ' ', '.', 'a.', 'a@', 'a-', '\u200b', ' \u0000'].map((part) =>
    part.repeat(200_000 / part.length),
  );
  const begun = process.cpuUsage();

  for (const value of hostile) for (const schema of [Sku, Email, ProductName]) check(schema, value);
  for (const value of hostile) check(Email, `a@${value}`);

  // Linear checks take some hundred milliseconds of this process's own time, quadratic ones minutes.
  expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
});
