import { planLoad, TWO_TRANSACTIONS } from '@orderly/support/plan';

it('stocks what one adjustment takes, however many orders there will be', () => {
  const { products } = planLoad({
    seed: 1,
    run: 'f1',
    orders: Number.MAX_SAFE_INTEGER,
    largest: TWO_TRANSACTIONS,
  });

  expect(Math.max(...products.map(({ stock }) => stock))).toBeLessThanOrEqual(1_000_000);
});

it('places the same orders for the same seed', () => {
  const plan = () => [...planLoad({ seed: 7, run: 'f1', orders: 50, largest: TWO_TRANSACTIONS }).steps];

  expect(plan()).toEqual(plan());
});
