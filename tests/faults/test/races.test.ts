import { planLoad } from '@orderly/support/plan';
import { withRaces } from '../src/clouds/races.ts';

it('has ten customers want three pieces, every thirty orders, and leaves the other orders as they were', () => {
  const options = { seed: 7, run: 'r', orders: 60 };
  const [before, after] = [planLoad(options), withRaces(planLoad(options), 'r', 60)];
  const ordersOf = ({ steps }: typeof before) =>
    [...steps].flatMap((step) => (step.kind === 'order' ? [step.order] : []));
  const [plain, raced] = [ordersOf(before), ordersOf(after)];

  const scarce = after.products.filter(({ stock }) => stock === 3).map(({ sku }) => sku);
  expect(scarce).toEqual(['r-last-0', 'r-last-1']);
  for (const sku of scarce) {
    expect(raced.filter(({ lines }) => lines.every((line) => line.sku === sku))).toHaveLength(10);
  }
  expect(raced.slice(10, 30)).toEqual(plain.slice(10, 30));
  expect(raced.map(({ key, fate }) => [key, fate])).toEqual(plain.map(({ key, fate }) => [key, fate]));
});
