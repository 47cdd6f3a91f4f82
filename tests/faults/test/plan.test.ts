import { parseOptions } from '../src/options.ts';
import { planLoad } from '../src/plan.ts';

it('stocks what one adjustment takes, however many orders there will be', () => {
  const { products } = planLoad({ seed: 1, run: 'f1', orders: Number.MAX_SAFE_INTEGER, large: true });

  expect(Math.max(...products.map(({ stock }) => stock))).toBeLessThanOrEqual(1_000_000);
});

it('places the same orders for the same seed', () => {
  const plan = () => [...planLoad({ seed: 7, run: 'f1', orders: 50, large: true }).steps];

  expect(plan()).toEqual(plan());
});

it('has no limit of orders with --minutes, but for a flash sale', () => {
  expect(parseOptions(['--minutes', '1']).orders).toBeUndefined();
  expect(parseOptions(['--minutes', '1', '--flash-sale']).orders).toBe(2_000);
  expect(parseOptions([]).orders).toBe(160);
});
