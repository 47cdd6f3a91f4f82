import { sizeOf, splitBatches } from '../../event-sources/payload.ts';

it('splits by count and keeps the order', () => {
  expect(splitBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(splitBatches([], 2)).toEqual([]);
});

it('splits by bytes, and lets a record that is too large alone be a batch of its own', () => {
  const records = ['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(100), 'd'];
  const batches = splitBatches(records, 10, 40);
  expect(batches.map((batch) => batch.length)).toEqual([2, 1, 1]);
});

it('measures bytes, not characters', () => {
  expect(sizeOf('ä')).toBe(4);
});
