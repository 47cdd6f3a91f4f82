import type { Plan, PlannedOrder, PlannedProduct, Step } from '@orderly/support/plan';

/** So many customers, one right after the other, want the same product, of which there are a few pieces. */
const RACERS = 10;
const PIECES = 3;
/** A race begins with every order of so many. */
const EVERY = 30;

const skuOf = (run: string, race: number): string => `${run}-last-${race}`;

/** @returns the plan with some of its orders changed: races for the last pieces of products of their own */
export function withRaces({ products, steps }: Plan, run: string, orders: number): Plan {
  const scarce = Array.from(
    { length: Math.ceil(orders / EVERY) },
    (_, race): PlannedProduct => ({
      sku: skuOf(run, race),
      name: `The last of kind ${race}`,
      price: 4_900,
      stock: PIECES,
    }),
  );
  return { products: [...products, ...scarce], steps: raced(steps, run) };
}

function* raced(steps: Iterable<Step>, run: string): Generator<Step> {
  let orders = 0;
  for (const step of steps) {
    if (step.kind === 'order') {
      const number = orders++;
      const sku = skuOf(run, Math.floor(number / EVERY));
      yield number % EVERY < RACERS ? { ...step, order: wanting(sku, step.order) } : step;
    } else yield step;
  }
}

const wanting = (sku: string, order: PlannedOrder): PlannedOrder => ({
  ...order,
  lines: [{ sku, quantity: 1 }],
});
