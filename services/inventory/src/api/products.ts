import {
  AdjustmentQuantity,
  Currency,
  OnSale,
  Price,
  ProductName,
  Reason,
  type Sku,
  SkuInput,
} from '@orderly/contracts';
import { pageFields } from '@orderly/functions/http/page';
import { conflict, notFound, type Problem, unprocessable } from '@orderly/functions/http/problem';
import * as v from 'valibot';

/** The path of one product. */
export const ProductPath = v.object({ sku: SkuInput });

/** The path of a product, with its SKU in percent-encoding (RFC 3986, section 2.1). */
export const productLocation = (sku: Sku): string => `/products/${encodeURIComponent(sku)}`;

/** Name, price and whether it is on sale. Stock changes only through adjustments and orders. */
export const ProductDetails = v.strictObject({
  name: ProductName,
  price: Price,
  currency: Currency,
  onSale: v.exactOptional(OnSale),
});

/** Goods that come in or are written off. */
export const NewAdjustment = v.strictObject({ quantity: AdjustmentQuantity, reason: Reason });

/** The list of all products takes no filter. */
export const ProductsQuery = v.object(pageFields);

export function productNotFound(sku: Sku): Problem {
  return notFound('product-not-found', `There is no product ${sku}`);
}

export function adjustmentKeyReused(): Problem {
  return unprocessable('idempotency-key-reused', 'This Idempotency-Key was used for another adjustment');
}

export function stockOutOfBounds(available: unknown): Problem {
  return conflict('stock-out-of-bounds', `${available} available: this would leave the stock's bounds`);
}
