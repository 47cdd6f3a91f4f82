import { NotificationKind } from '@orderly/contracts';
import { message, money } from '../src/domain/message.ts';
import { amount, anOrder, currency, sku } from './builders.ts';

it.each([
  ['GBP', 1530, '£15.30'],
  ['EUR', 5, '€0.05'],
  ['USD', 123_456_789, '$1,234,567.89'],
  ['JPY', 153, '¥153'],
  ['KRW', 153, '₩153'],
  // ISO 4217 list one gives these a minor unit of two (IQD: three) digits; Unicode CLDR has none.
  ['HUF', 1530, 'HUF 15.30'],
  ['PKR', 1530, 'PKR 15.30'],
  ['COP', 1530, 'COP 15.30'],
  ['IQD', 1530, 'IQD 1.530'],
  ['BHD', 1530, 'BHD 1.530'],
  ['TND', 1530, 'TND 1.530'],
  ['CLP', 1530, 'CLP 1,530'],
])(
  'money in %s is written with its sign and the digits that ISO 4217 gives it',
  (code, minorUnits, written) => {
    expect(money(amount(minorUnits), currency(code)).replaceAll('\u00a0', ' ')).toBe(written);
  },
);

describe('message', () => {
  it.each(NotificationKind.options)('%s names the order by the first block of its id', (kind) => {
    const order = anOrder();

    const { subject } = message(kind, order);

    expect(subject).toContain(`our order ${order.orderId.slice(0, 8)}`);
    expect(subject).not.toContain(order.orderId);
  });

  it.each(['order-confirmed', 'order-cancelled', 'order-shipped'] as const)(
    '%s lists what was ordered',
    (kind) => {
      const { text } = message(kind, anOrder());

      expect(text).toContain('2 x White mug (MUG)  £5.10\n1 x Kettle (KETTLE)  £10.20\n\nTotal: £15.30');
    },
  );

  it('order-rejected names what is short by its name, and what is not in the order by its SKU', () => {
    const order = anOrder({
      shortages: [
        { sku: sku('MUG'), requested: 2, available: 1 },
        { sku: sku('SPOON'), requested: 5, available: 0 },
      ],
    });

    const { text } = message('order-rejected', order);

    expect(text).toContain('White mug: 2 wanted, 1 left\nSPOON: 5 wanted, 0 left');
    expect(text).not.toContain('Kettle');
  });

  it('order-rejected can do without the shortages', () => {
    expect(message('order-rejected', anOrder()).text).toContain('Nothing was charged.');
  });

  it('every kind has its own words', () => {
    const order = anOrder();

    const messages = NotificationKind.options.map((kind) => message(kind, order));

    expect(new Set(messages.map(({ subject }) => subject)).size).toBe(4);
    expect(new Set(messages.map(({ text }) => text)).size).toBe(4);
  });
});
