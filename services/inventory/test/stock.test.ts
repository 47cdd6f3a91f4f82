import fc from 'fast-check';
import {
  adjusting,
  bounds,
  maxOnHand,
  move,
  releasing,
  reserving,
  type Stock,
  shipping,
} from '../src/domain/stock.ts';

const stock = (available: number, reserved: number): Stock => ({
  onHand: available + reserved,
  reserved,
  available,
});

it.each([
  ['reserving', reserving(3), stock(7, 5)],
  ['releasing', releasing(2), stock(12, 0)],
  ['shipping', shipping(2), stock(10, 0)],
  ['taking in', adjusting(5), stock(15, 2)],
  ['writing off', adjusting(-10), stock(0, 2)],
])('%s moves the levels that it is about', (_name, movement, after) => {
  expect(move(stock(10, 2), movement)).toEqual(after);
});

it.each([
  ['reserve more than is available', reserving(11)],
  ['release more than is reserved', releasing(3)],
  ['ship more than is reserved', shipping(3)],
  ['write off what is reserved', adjusting(-11)],
  ['hold more than the largest level', adjusting(maxOnHand - 11)],
])('no movement can %s', (_name, movement) => {
  expect(move(stock(10, 2), movement)).toBeUndefined();
});

it('the largest level itself can be reached', () => {
  expect(move(stock(10, 2), adjusting(maxOnHand - 12))).toEqual(stock(maxOnHand - 2, 2));
});

const level = fc.integer({ min: 0, max: maxOnHand / 2 });
const anyMovement = fc
  .tuple(fc.constantFrom(reserving, releasing, shipping), fc.integer({ min: 1, max: maxOnHand }))
  .map(([kind, quantity]) => kind(quantity));
const anyAdjustment = fc.integer({ min: -maxOnHand, max: maxOnHand }).map(adjusting);

it('every movement keeps onHand = available + reserved, and is refused exactly when a level would leave its bounds', () => {
  fc.assert(
    fc.property(level, level, fc.oneof(anyMovement, anyAdjustment), (available, reserved, movement) => {
      const before = stock(available, reserved);
      const sums = (['onHand', 'reserved', 'available'] as const).map(
        (name) => before[name] + movement[name],
      );

      const fits = sums.every((sum) => sum >= 0 && sum <= maxOnHand);

      const after = move(before, movement);
      expect(after !== undefined).toBe(fits);
      if (after !== undefined) expect(after.onHand).toBe(after.available + after.reserved);
    }),
    { numRuns: 1000 },
  );
});

it('the bounds of a change are the levels from which it stays within zero and the largest', () => {
  expect(bounds(5)).toEqual({ min: 0, max: maxOnHand - 5 });
  expect(bounds(-5)).toEqual({ min: 5, max: maxOnHand });
});
