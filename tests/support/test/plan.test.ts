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

it('runs out of a product that large orders reserve with their last step, and only of that', () => {
  const { products, steps } = planLoad({ seed: 3, run: 'f1', orders: 150, largest: TWO_TRANSACTIONS });
  const large = [...steps].flatMap((step) =>
    step.kind === 'order' && step.order.lines.length > linesPerTransaction ? [step.order] : [],
  );
  const short = products.slice(12).filter(({ sku, stock }) => {
    const wanting = large.filter(({ lines }) => lines.some((line) => line.sku === sku));
    return wanting.length > stock;
  });

  expect(large.length).toBeGreaterThan(2);
  expect(short.map(({ sku }) => sku)).toEqual([`f1-${linesPerTransaction}`]);
  for (const { lines } of large) expect(lines[linesPerTransaction]?.sku).toBe(`f1-${linesPerTransaction}`);
});

/** As inventory reserves large orders. */
const linesPerTransaction = 99;
