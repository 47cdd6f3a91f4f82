import { adjust, sameRequest } from '../src/domain/adjustment.ts';
import { noon, oneOClock, sku } from './builders.ts';

const mug = sku('MUG');
const request = { quantity: 5, reason: 'delivery' };

it('records what was moved, why and when', () => {
  expect(adjust(mug, request, 'key', noon)).toEqual({
    adjustmentId: expect.stringMatching(/^[0-9a-f]{32}$/),
    sku: mug,
    quantity: 5,
    reason: 'delivery',
    adjustedAt: '2026-01-31T12:00:00.000Z',
  });
});

it('without a key every adjustment has its own id', () => {
  const ids = [1, 2].map(() => adjust(mug, request, undefined, noon).adjustmentId);

  expect(new Set(ids).size).toBe(2);
});

it('the same product and key always mean the same adjustment', () => {
  const [first, again] = [adjust(mug, request, 'key', noon), adjust(mug, request, 'key', oneOClock)];

  expect(again.adjustmentId).toBe(first.adjustmentId);
  expect(sameRequest(first, again)).toBe(true);
});

it('another product or another key is another adjustment', () => {
  const ids = [
    adjust(mug, request, 'key', noon),
    adjust(sku('mug'), request, 'key', noon),
    adjust(mug, request, 'key2', noon),
  ];

  expect(new Set(ids.map(({ adjustmentId }) => adjustmentId)).size).toBe(3);
});

it.each([
  ['quantity', adjust(mug, { ...request, quantity: -5 }, 'key', noon)],
  ['reason', adjust(mug, { ...request, reason: 'count' }, 'key', noon)],
  ['product', adjust(sku('CUP'), request, 'key', noon)],
])('another %s is another request', (_what, other) => {
  expect(sameRequest(adjust(mug, request, 'key', noon), other)).toBe(false);
});
