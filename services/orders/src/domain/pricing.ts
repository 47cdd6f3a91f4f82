import {
  type Currency,
  type MinorUnits,
  type OrderLine,
  type Sku,
  type SkuQuantity,
  sum,
  times,
} from '@orderly/contracts';
import type { OrderNotes } from './order.ts';
import { largestItemBytes, maxItemBytes } from './order-size.ts';

/** The contract of every order event allows so many lines. */
export const maxSkus = 1_000;
const maxQuantity = 100_000;
/** Sums are exact up to here. */
const maxTotal = Number.MAX_SAFE_INTEGER;

/** A product as this service knows it: a replica of inventory's. */
export interface Product {
  readonly sku: Sku;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: Currency;
  /** Absent in replicas from before products could be taken off sale. */
  readonly onSale?: boolean;
}

/** A rule that the order breaks, with a message for each SKU at fault. */
export interface Refused {
  readonly outcome: 'refused';
  readonly rule:
    | 'too-many-skus'
    | 'quantity-too-large'
    | 'unknown-sku'
    | 'off-sale'
    | 'mixed-currencies'
    | 'total-too-large'
    | 'order-too-large';
  readonly detail: string;
  readonly faults: ReadonlyMap<Sku, string>;
}

export type MergeResult = { readonly outcome: 'merged'; readonly lines: readonly SkuQuantity[] } | Refused;

export type PriceResult =
  | {
      readonly outcome: 'priced';
      readonly currency: Currency;
      readonly lines: readonly OrderLine[];
      readonly total: MinorUnits;
    }
  | Refused;

/** Adds up lines of the same SKU, in order of first mention. */
export function mergeLines(lines: readonly SkuQuantity[]): MergeResult {
  const merged = new Map<Sku, number>();
  for (const { sku, quantity } of lines) merged.set(sku, (merged.get(sku) ?? 0) + quantity);
  if (merged.size > maxSkus) {
    const detail = `An order has at most ${maxSkus} different SKUs; this one has ${merged.size}`;
    return refused('too-many-skus', detail);
  }
  const tooMany = [...merged].filter(([, quantity]) => quantity > maxQuantity);
  if (tooMany.length > 0) {
    const detail = `The lines of one SKU add up to at most ${maxQuantity} pieces`;
    return refused('quantity-too-large', detail, new Map(tooMany.map(([sku]) => [sku, detail])));
  }
  return { outcome: 'merged', lines: [...merged].map(([sku, quantity]) => ({ sku, quantity })) };
}

/**
 * Prices merged lines by the products known here; prices never come from the caller.
 *
 * @param notes what else the order will hold, which counts in its size
 */
export function price(
  lines: readonly SkuQuantity[],
  products: ReadonlyMap<Sku, Product>,
  notes: OrderNotes = {},
): PriceResult {
  const skus = lines.map(({ sku }) => sku);
  const unknown = skus.filter((sku) => !products.has(sku));
  if (unknown.length > 0) return refusedSkus('unknown-sku', 'Unknown SKU', unknown);
  const offSale = skus.filter((sku) => products.get(sku)?.onSale === false);
  if (offSale.length > 0) return refusedSkus('off-sale', 'Not on sale', offSale);

  const found = lines.flatMap(({ sku, quantity }) => {
    const product = products.get(sku);
    return product === undefined ? [] : [{ product, quantity }];
  });
  const currencies = [...new Set(found.map(({ product }) => product.currency))];
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    const detail = `An order has one currency; these lines have ${currencies.join(', ')}`;
    return refused('mixed-currencies', detail);
  }
  const costs = found.map(({ product, quantity }) => product.price * quantity);
  // Beyond what a double holds exactly it is not exact, but still beyond.
  if (costs.reduce((total, cost) => total + cost, 0) > maxTotal) {
    return refused('total-too-large', `An order adds up to at most ${maxTotal} minor units`);
  }
  const orderLines = found.map(({ product: { sku, name, price: unitPrice }, quantity }) => ({
    sku,
    name,
    quantity,
    unitPrice,
    lineTotal: times(unitPrice, quantity),
  }));
  const bytes = largestItemBytes(orderLines, notes);
  if (bytes > maxItemBytes) {
    return refused(
      'order-too-large',
      `The SKUs and names of these ${orderLines.length} lines, and what was noted of the order, are too long for one ` +
        `order: it would take up to ${kB(bytes)} kB of ${kB(maxItemBytes)} kB; make two orders of it`,
    );
  }
  const total = sum(orderLines.map(({ lineTotal }) => lineTotal));
  return { outcome: 'priced', currency, lines: orderLines, total };
}

const kB = (bytes: number) => Math.ceil(bytes / 1024);

function refused(rule: Refused['rule'], detail: string, faults: Refused['faults'] = new Map()): Refused {
  return { outcome: 'refused', rule, detail, faults };
}

/** One sentence names so many SKUs. */
const named = 10;

function refusedSkus(rule: Refused['rule'], what: string, skus: readonly Sku[]): Refused {
  const more = skus.length > named ? [`and ${skus.length - named} more`] : [];
  const detail = `${what}: ${[...skus.slice(0, named), ...more].join(', ')}`;
  return refused(rule, detail, new Map(skus.map((sku) => [sku, `${what}: ${sku}`])));
}
