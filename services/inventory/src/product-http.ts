import { Sku } from '@orderly/contracts';
import { notFound, type Problem } from '@orderly/lambda/problem';
import * as v from 'valibot';

/** The path of one product. */
export const ProductPath = v.object({ sku: Sku });

export function productNotFound(sku: Sku): Problem {
  return notFound('product-not-found', `There is no product ${sku}`);
}
