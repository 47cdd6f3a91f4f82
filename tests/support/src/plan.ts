import { createRandom, cumulate, type Random } from './random.ts';

/** What a customer does with an order once it is placed. */
export type Fate =
  | 'left alone'
  | 'cancelled at once'
  | 'cancelled once decided'
  | 'shipped once decided'
  | 'shipped and cancelled at the same time';

export interface PlannedOrder {
  readonly key: string;
  readonly customer: { readonly id: string; readonly email: string };
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly fate: Fate;
}

export interface PlannedAdjustment {
  readonly key: string;
  readonly sku: string;
  readonly quantity: number;
}

export interface PlannedProduct {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly stock: number;
}

/** One thing that somebody does, in the order of the plan. */
export type Step =
  | { readonly kind: 'order'; readonly order: PlannedOrder }
  | { readonly kind: 'adjustment'; readonly adjustment: PlannedAdjustment }
  | { readonly kind: 'new price'; readonly product: PlannedProduct };

export interface Plan {
  readonly products: readonly PlannedProduct[];
  /** Endless when no number of orders is given. */
  readonly steps: Iterable<Step>;
}

export interface PlanOptions {
  readonly seed: number;
  /** Begins every id of the run, so that runs on one platform differ. */
  readonly run: string;
  readonly orders: number;
  /** The most lines that an order has: every fortieth has about so many. Without it none has more than six. */
  readonly largest?: number;
  /** One order of so many is about as large as that; {@link LARGE_EVERY} by default. */
  readonly largeEvery?: number;
}

const PRODUCTS = 12;
const LARGE_EVERY = 40;
/** One product more than the largest order has lines: an order names each product once. */
const productsFor = (largest: number): number => Math.max(PRODUCTS, largest + 1);
/** More SKUs than one transaction holds, and fewer than two. */
export const TWO_TRANSACTIONS = 125;
/** The stock is for so many orders at most: one adjustment takes up to a million pieces. */
const STOCKED_FOR = 50_000;
/** A Zipf distribution: the first few SKUs are in most orders. */
const SKEW = 1.2;

/** Addresses of customers whose mailbox does not exist: the mail server refuses for good. */
export const REFUSED_DOMAIN = 'refused.example';

/** Orders over a skewed choice of SKUs, what their customers do with them, and adjustments of the stock between them. */
export function planLoad(options: PlanOptions): Plan {
  const { seed, run, largest = 0 } = options;
  const random = createRandom(seed);
  const products = Array.from({ length: productsFor(largest) }, (_, rank): PlannedProduct => {
    const stock = stockOf(rank, options);
    return { sku: `${run}-${rank}`, name: `Product ${rank}`, price: random.int(1, 5_000), stock };
  });
  const popularity = cumulate(products.map((_, rank) => 1 / (rank + 1) ** SKEW));
  return { products, steps: steps({ ...options, random, products, popularity }) };
}

/** Some of the hot products are scarce, and one that only large orders want: they fail when most of it is reserved. */
function stockOf(rank: number, { orders, largest = 0, largeEvery = LARGE_EVERY }: PlanOptions): number {
  const stocked = Math.min(orders, STOCKED_FOR);
  const wanted = Math.ceil((stocked * 3) / (rank + 1) ** SKEW);
  if (rank < PRODUCTS) return rank % 4 === 1 ? Math.ceil(wanted / 2) : wanted * 3 + 50;
  const large = Math.ceil(stocked / largeEvery);
  return rank === leastOf(largest) - 1 ? Math.ceil(large / 3) : wanted * 3 + 50 + large;
}

/** How many lines a large order has at least. */
const leastOf = (largest: number): number => Math.ceil(largest * 0.8);

/** Everybody wants one product, and there is not enough of it. */
export function planFlashSale({ run, orders, pieces }: FlashSale): Plan {
  const sku = `${run}-0`;
  const products = [{ sku, name: 'The only one', price: 4_900, stock: pieces }];
  const steps = Array.from({ length: orders }, (_, n): Step => {
    const customer = { id: `${run}-c${n}`, email: `${run}-c${n}@example.com` };
    const lines = [{ sku, quantity: 1 }];
    return { kind: 'order', order: { key: `${run}-o${n}`, customer, lines, fate: 'left alone' } };
  });
  return { products, steps };
}

export interface FlashSale {
  readonly run: string;
  readonly orders: number;
  /** How many there are. */
  readonly pieces: number;
}

interface Drawing extends PlanOptions {
  readonly random: Random;
  readonly products: readonly PlannedProduct[];
  readonly popularity: readonly number[];
}

function* steps(drawing: Drawing): Generator<Step> {
  const { run, orders, largest, largeEvery = LARGE_EVERY, random, products } = drawing;
  for (let n = 0; n < orders; n++) {
    const isLarge = largest !== undefined && n % largeEvery === Math.floor(largeEvery / 4);
    yield { kind: 'order', order: drawOrder(drawing, n, isLarge) };
    if (random.chance(0.1)) {
      const { sku } = random.pick(products);
      const quantity = random.chance(0.5) ? random.int(1, 20) : -random.int(1, 60);
      yield { kind: 'adjustment', adjustment: { key: `${run}-a${n}`, sku, quantity } };
    }
    if (random.chance(0.05)) {
      yield { kind: 'new price', product: { ...random.pick(products), price: random.int(1, 5_000) } };
    }
  }
}

const FATES: readonly (readonly [Fate, number])[] = [
  ['left alone', 5],
  ['cancelled at once', 2],
  ['cancelled once decided', 1],
  ['shipped once decided', 3],
  ['shipped and cancelled at the same time', 1],
];
const FATE_WEIGHTS = cumulate(FATES.map(([, weight]) => weight));

function drawOrder(drawing: Drawing, n: number, isLarge: boolean): PlannedOrder {
  const { run, random, products, popularity, largest = 0 } = drawing;
  const id = `${run}-c${n}`;
  const domain = random.chance(0.04) ? REFUSED_DOMAIN : 'example.com';
  const draw = () => products[random.weighted(popularity)]?.sku ?? `${run}-0`;
  const size = random.chance(0.3) ? 1 : random.int(2, 6);
  const few = Array.from({ length: size }, () => ({ sku: draw(), quantity: random.int(1, 3) }));
  const many = products
    .slice(0, random.int(leastOf(largest), largest))
    .map(({ sku }) => ({ sku, quantity: 1 }));
  return {
    key: `${run}-o${n}`,
    customer: { id, email: `${id}@${domain}` },
    lines: isLarge ? many : few,
    fate: FATES[random.weighted(FATE_WEIGHTS)]?.[0] ?? 'left alone',
  };
}
