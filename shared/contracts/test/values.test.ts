import * as v from 'valibot';
import {
  AdjustmentQuantity,
  Amount,
  Channel,
  Currency,
  Customer,
  CustomerId,
  Email,
  NotificationKind,
  OrderId,
  OrderLine,
  OrderPlaced,
  Price,
  ProductName,
  parse,
  Quantity,
  Reason,
  type Schema,
  Shortage,
  Sku,
  SkuQuantity,
  StockLevel,
  StockReserved,
  Timestamp,
} from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

/** Where the field is that a value is tried in, so that the tests see whether issues name it. */
const field = (schema: Schema<unknown>) => v.object({ outer: v.object({ field: schema }) });
const check = (schema: Schema<unknown>, value: unknown) => parse(field(schema), { outer: { field: value } });

const integers: readonly [string, Schema<unknown>, number, number][] = [
  ['A price', Price, 1, 100_000_000],
  ['An amount', Amount, 0, Number.MAX_SAFE_INTEGER],
  ['A quantity', Quantity, 1, 100_000],
  ['A stock level', StockLevel, 0, 1_000_000_000],
  ['A quantity', AdjustmentQuantity, -1_000_000, 1_000_000],
];

describe.each(integers)('%s', (what, schema, min, max) => {
  it.each([min, max])('may be %d, the end of its range', (value) => {
    expect(check(schema, value)).toEqual({ ok: true, value: { outer: { field: value } } });
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

    expect(parsed).toMatchObject({ ok: false, issues: [{ path: '/outer/field' }] });
    expect(parsed.ok ? [] : parsed.issues.map((issue) => issue.message)).toContain(message);
  });
});

it('an adjustment of zero is refused: it adjusts nothing', () => {
  expect(check(AdjustmentQuantity, 0)).toEqual({
    ok: false,
    issues: [{ path: '/outer/field', message: 'A quantity must not be zero' }],
  });
});

const texts: readonly [string, Schema<unknown>, number][] = [
  ['A product name', ProductName, 200],
  ['A reason', Reason, 500],
];

describe.each(texts)('%s', (what, schema, max) => {
  it.each(['x', 'x'.repeat(max), 'Größe "M" – 10 € 🎁', '日本語'])('may be %j', (value) => {
    expect(check(schema, value)).toMatchObject({ ok: true });
  });

  it.each([
    ['', `${what} must not be empty`],
    ['x'.repeat(max + 1), `${what} must be at most ${max} characters long`],
    ['line\nbreak', `${what} must not hold control characters or lone surrogates`],
    ['nul\u0000', `${what} must not hold control characters or lone surrogates`],
    ['del\u007f', `${what} must not hold control characters or lone surrogates`],
    ['half \ud800', `${what} must not hold control characters or lone surrogates`],
    [5, `${what} must be a string`],
  ])('must not be %j: %s', (value, message) => {
    expect(check(schema, value)).toEqual({ ok: false, issues: [{ path: '/outer/field', message }] });
  });
});

const hex = '0192f0c1-7e00-7000-8000-00000000abcd';
const local = 'a'.repeat(64);
const address = (length: number) => `${local}@${'d'.repeat(length - local.length - 5)}.com`;

const patterns: readonly [string, Schema<unknown>, readonly string[], readonly unknown[]][] = [
  [
    'a SKU',
    Sku,
    ['A', '7', '85123A', 'a.b_c-d', 'z'.repeat(64)],
    ['', 'z'.repeat(65), '.a', '-a', '_a', 'a b', 'a/b', 'ä', 'a\n', 'a#1', 85123, null],
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
    ['a@b.co', 'first.last+tag@sub.example.co.uk', address(254)],
    [
      '',
      'nobody',
      '@b.co',
      'a@',
      'a@b',
      'a@b.c',
      'a b@c.de',
      'a@b..co',
      'a@b.co\n',
      'a@b.co, c@d.ef',
      address(255),
      1,
    ],
  ],
  [
    'a timestamp',
    Timestamp,
    ['2026-01-31T12:00:00.000Z', new Date(0).toISOString(), '9999-12-31T23:59:59.999Z'],
    [
      '',
      '2026-01-31',
      '2026-01-31T12:00:00Z',
      '2026-01-31T12:00:00.000+01:00',
      '2026-01-31 12:00:00.000Z',
      '2026-00-31T12:00:00.000Z',
      '2026-13-31T12:00:00.000Z',
      '2026-01-00T12:00:00.000Z',
      '2026-01-32T12:00:00.000Z',
      '2026-01-31T24:00:00.000Z',
      '2026-01-31T12:60:00.000Z',
      '2026-01-31T12:00:60.000Z',
      '+12026-01-31T12:00:00.000Z',
      '2026-01-31T12:00:00.000Z\n',
      1_769_860_800_000,
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
    expect(check(schema, value)).toEqual({ ok: true, value: { outer: { field: value } } });
  });

  it.each(refused)('must not be %j', (value) => {
    expect(check(schema, value)).toMatchObject({ ok: false, issues: [{ path: '/outer/field' }] });
  });
});

const { data: order } = sampleEvent(OrderPlaced);

describe('what is made of them', () => {
  it.each<[string, Schema<unknown>, object]>([
    ['SkuQuantity', SkuQuantity, { sku: 'A', quantity: 1 }],
    ['Shortage', Shortage, { sku: 'A', requested: 1, available: 0 }],
    ['Customer', Customer, order.customer],
    ['OrderLine', OrderLine, { ...order.lines[0] }],
  ])('%s needs each of its fields and no other', (_name, schema, value) => {
    expect(parse(schema, { ...value, more: 1 })).toEqual({ ok: true, value });
    for (const key of Object.keys(value)) {
      expect(parse(schema, { ...value, [key]: undefined })).toMatchObject({
        ok: false,
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
