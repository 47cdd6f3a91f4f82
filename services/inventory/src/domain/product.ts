import { type Currency, type MinorUnits, type NewEvent, ProductUpserted, type Sku } from '@orderly/contracts';
import type { Stock } from './stock.ts';

/** A product and its stock. */
export interface Product extends Stock {
  readonly sku: Sku;
  readonly name: string;
  readonly price: MinorUnits;
  readonly currency: Currency;
  /** Whether it can be ordered; off sale it keeps its stock. */
  readonly onSale: boolean;
  /** Counts the changes, those of the stock included. */
  readonly version: number;
}

/** Without `onSale` that does not change; a new product is on sale. */
export type ProductDetails = Pick<Product, 'name' | 'price' | 'currency'> & Partial<Pick<Product, 'onSale'>>;

/** The product after a change, and the events to publish. */
export type Upsert =
  | {
      readonly outcome: 'created' | 'changed';
      readonly product: Product;
      readonly events: readonly NewEvent[];
    }
  | { readonly outcome: 'unchanged'; readonly product: Product };

/** Creates a product without stock, changes its name and price, or takes it off sale and puts it back. */
export function upsert(current: Product | undefined, sku: Sku, details: ProductDetails): Upsert {
  const { name, price, currency } = details;
  const onSale = details.onSale ?? current?.onSale ?? true;
  const events = [ProductUpserted.of({ sku, name, price, currency, onSale })];
  if (current === undefined) {
    const stock = { onHand: 0, reserved: 0, available: 0 };
    return {
      outcome: 'created',
      product: { sku, name, price, currency, onSale, ...stock, version: 1 },
      events,
    };
  }
  const same = current.name === name && current.price === price && current.currency === currency;
  if (same && current.onSale === onSale) return { outcome: 'unchanged', product: current };
  const product = { ...current, name, price, currency, onSale, version: current.version + 1 };
  return { outcome: 'changed', product, events };
}
