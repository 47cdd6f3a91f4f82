import { parse } from '@orderly/contracts';
import { maxBodyBytes } from '@orderly/functions/http/request';
import { NewOrder } from '../src/api/orders.ts';

/** Four bytes of UTF-8 each, and one character. */
const longest = '🎁'.repeat(64);

it('the largest order that every other limit allows fits in a body', () => {
  const order = {
    customer: { id: 'c'.repeat(64), email: `${'e'.repeat(64)}@${'d'.repeat(60)}.${'d'.repeat(60)}.example` },
    lines: Array.from({ length: 2000 }, () => ({ sku: longest, quantity: 100_000 })),
    // Lengths are counted in UTF-16 units; one of these takes at most three bytes of UTF-8.
    reference: '字'.repeat(64),
    metadata: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        String(index).padStart(2, '0') + '字'.repeat(38),
        '字'.repeat(500),
      ]),
    ),
  };

  expect(parse(NewOrder, order)).toMatchObject({ outcome: 'valid' });
  expect(Buffer.byteLength(JSON.stringify(order))).toBeLessThanOrEqual(maxBodyBytes);
});

it('one line more is too many', () => {
  const lines = Array.from({ length: 2001 }, () => ({ sku: 'A', quantity: 1 }));

  expect(parse(NewOrder, { customer: { id: 'c', email: 'c@example.com' }, lines })).toEqual({
    outcome: 'invalid',
    issues: [{ path: '/lines', message: 'An order has at most 2000 lines' }],
  });
});
