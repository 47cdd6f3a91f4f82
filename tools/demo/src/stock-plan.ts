import type { OrderPlan } from './workload.ts';

/** The default stock leaves one order in so many without goods. */
const ONE_SHORT_IN = 10;

/** The most distinct products that the API takes in one order. */
const MAX_DISTINCT_PRODUCTS = 1_000;

/** The lines of an order as the API merges them: pieces by SKU. */
export const piecesBySku = (order: OrderPlan): Map<string, number> => {
  const pieces = new Map<string, number>();
  for (const { sku, quantity } of order.lines) pieces.set(sku, (pieces.get(sku) ?? 0) + quantity);
  return pieces;
};

/**
 * How many pieces of each product should be available when the orders come.
 *
 * Every product has what all orders together want, but for one scarce product per tenth order: that one lacks
 * as many pieces as the smallest of its orders wants. Then exactly one of its orders finds it short, whatever
 * the sequence they arrive in, so about nine in ten are confirmed however the run is scheduled. Orders that are
 * cancelled are left out of the choice, because they may give their pieces back in time.
 *
 * @param orders all orders of the run; those with too many products count for nothing, the API refuses them
 * @param cancelled invoice numbers of orders that will be cancelled
 */
export const planStock = (
  orders: readonly OrderPlan[],
  cancelled: ReadonlySet<string>,
): Map<string, number> => {
  const wanted = orders.map((order) => ({ order, pieces: piecesBySku(order) }));
  const stock = new Map<string, number>();
  for (const { pieces } of wanted) for (const sku of pieces.keys()) stock.set(sku, 0);
  const accepted = wanted.filter(({ pieces }) => pieces.size <= MAX_DISTINCT_PRODUCTS);
  const demand = new Map<string, Demand>();
  accepted.forEach(({ order, pieces }, index) => {
    for (const [sku, quantity] of pieces) {
      stock.set(sku, (stock.get(sku) ?? 0) + quantity);
      const known = demand.get(sku) ?? { sku, orders: [], smallest: Number.POSITIVE_INFINITY, steady: true };
      known.orders.push(index);
      known.smallest = Math.min(known.smallest, quantity);
      known.steady &&= !cancelled.has(order.invoiceNo);
      demand.set(sku, known);
    }
  });
  for (const { sku, smallest } of chooseScarce(
    accepted.map(({ pieces }) => [...pieces.keys()]),
    demand,
  )) {
    stock.set(sku, (stock.get(sku) ?? 0) - smallest);
  }
  return stock;
};

interface Demand {
  readonly sku: string;
  /** Positions of the orders that want it. */
  readonly orders: number[];
  /** Fewest pieces that one of them wants. */
  smallest: number;
  /** None of them will be cancelled. */
  steady: boolean;
}

/** Scarce products, one for every tenth order, no two of which share an order. */
const chooseScarce = (
  skusOfOrders: readonly (readonly string[])[],
  demand: ReadonlyMap<string, Demand>,
): Demand[] => {
  const goal = Math.round(skusOfOrders.length / ONE_SHORT_IN);
  const taken = new Set<number>();
  const scarce: Demand[] = [];
  for (const skus of everyTenthFirst(skusOfOrders)) {
    if (scarce.length >= goal) break;
    const [rarest] = skus
      .flatMap((sku) => demand.get(sku) ?? [])
      .filter(({ orders, steady }) => steady && !orders.some((order) => taken.has(order)))
      .sort((a, b) => a.orders.length - b.orders.length);
    if (!rarest) continue;
    scarce.push(rarest);
    for (const order of rarest.orders) taken.add(order);
  }
  return scarce;
};

/** The same list, every tenth item first, so that the short orders lie all over the run. */
const everyTenthFirst = <T>(items: readonly T[]): T[] =>
  items
    .map((item, index) => ({ item, turn: index % ONE_SHORT_IN, index }))
    .sort((a, b) => b.turn - a.turn || a.index - b.index)
    .map(({ item }) => item);
