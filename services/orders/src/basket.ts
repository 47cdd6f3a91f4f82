import {
  type Currency,
  type MinorUnits,
  type OrderLine,
  type Sku,
  type SkuQuantity,
  sum,
  times,
} from '@orderly/contracts';
import { largestItemBytes, maxItemBytes } from './order-size.ts';

/** So many lines the contract of every order event allows. */
export const maxSkus = 1_000;
const maxQuantity = 100_000;
/** Sums are exact up to here. */
const maxTotal = Number.MAX_SAFE_INTEGER;

/** What is known of a product here: a replica of what inventory tells. */
export interface Product {
  readonly sku: Sku;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: Currency;
}

export interface PricedBasket {
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  readonly total: MinorUnits;
}

/** A rule that the basket breaks, as a stable code, and the SKUs at fault. */
export interface BasketRefusal {
  readonly refused:
    | 'too-many-skus'
    | 'quantity-too-large'
    | 'unknown-sku'
    | 'mixed-currencies'
    | 'total-too-large'
    | 'order-too-large';
  readonly detail: string;
  readonly skus: readonly Sku[];
}

/** Adds up lines of the same SKU, in order of first mention. */
export function mergeLines(lines: readonly SkuQuantity[]): readonly SkuQuantity[] | BasketRefusal {
  const merged = new Map<Sku, number>();
  for (const { sku, quantity } of lines) merged.set(sku, (merged.get(sku) ?? 0) + quantity);
  if (merged.size > maxSkus) {
    return refused(
      'too-many-skus',
      `An order has at most ${maxSkus} different SKUs; this one has ${merged.size}`,
    );
  }
  const tooMany = [...merged].filter(([, quantity]) => quantity > maxQuantity);
  if (tooMany.length > 0) {
    const skus = tooMany.map(([sku]) => sku);
    return refused(
      'quantity-too-large',
      `The lines of one SKU add up to at most ${maxQuantity} pieces`,
      skus,
    );
  }
  return [...merged].map(([sku, quantity]) => ({ sku, quantity }));
}

/** Prices merged lines by the products known here; prices never come from the caller. */
export function price(
  lines: readonly SkuQuantity[],
  products: ReadonlyMap<Sku, Product>,
): PricedBasket | BasketRefusal {
  const unknown = lines.map(({ sku }) => sku).filter((sku) => !products.has(sku));
  if (unknown.length > 0) return refused('unknown-sku', `Unknown SKU: ${unknown.join(', ')}`, unknown);

  const priced = lines.flatMap(({ sku, quantity }) => {
    const product = products.get(sku);
    return product === undefined ? [] : [{ product, quantity }];
  });
  const currencies = [...new Set(priced.map(({ product }) => product.currency))];
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    return refused(
      'mixed-currencies',
      `An order has one currency; these lines have ${currencies.join(', ')}`,
    );
  }
  const orderLines = priced.map(({ product: { sku, name, price: unitPrice }, quantity }) => ({
    sku,
    name,
    quantity,
    unitPrice,
    lineTotal: times(unitPrice, quantity),
  }));
  const totals = orderLines.map(({ lineTotal }) => lineTotal);
  if (totals.reduce((total, each) => total + each, 0) > maxTotal) {
    return refused('total-too-large', `An order adds up to at most ${maxTotal} minor units`);
  }
  const bytes = largestItemBytes(orderLines);
  if (bytes > maxItemBytes) {
    return refused(
      'order-too-large',
      `The SKUs and names of these ${orderLines.length} lines are too long for one order: it would take up to ` +
        `${kB(bytes)} kB of ${kB(maxItemBytes)} kB; make two orders of it`,
    );
  }
  return { currency, lines: orderLines, total: sum(totals) };
}

const kB = (bytes: number) => Math.ceil(bytes / 1024);

function refused(code: BasketRefusal['refused'], detail: string, skus: readonly Sku[] = []): BasketRefusal {
  return { refused: code, detail, skus };
}
