import { type Currency, type MinorUnits, type NewEvent, ProductUpserted, type Sku } from '@orderly/contracts';
import type { Stock } from './stock.ts';

/** What is sold, and how many of it there are. */
export interface Product extends Stock {
  readonly sku: Sku;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: Currency;
  /** Counts the changes, those of the stock included. */
  readonly version: number;
}

export type ProductDetails = Pick<Product, 'name' | 'price' | 'currency'>;

/** The product after a change, and what that change tells the world. `unchanged` says that nothing is new. */
export type Upsert =
  | {
      readonly outcome: 'created' | 'changed';
      readonly product: Product;
      readonly events: readonly NewEvent[];
    }
  | { readonly outcome: 'unchanged'; readonly product: Product };

/** Names and prices a product; a new one has no stock yet. */
export function upsert(current: Product | undefined, sku: Sku, details: ProductDetails): Upsert {
  const { name, price, currency } = details;
  const events = [ProductUpserted.of({ sku, name, price, currency })];
  if (current === undefined) {
    const stock = { onHand: 0, reserved: 0, available: 0 };
    return { outcome: 'created', product: { sku, name, price, currency, ...stock, version: 1 }, events };
  }
  if (current.name === name && current.price === price && current.currency === currency) {
    return { outcome: 'unchanged', product: current };
  }
  const product = { ...current, name, price, currency, version: current.version + 1 };
  return { outcome: 'changed', product, events };
}
