import { currency, price } from '@orderly/support/builders';
import type { ProductDetails } from '../src/domain/product.ts';

export * from '@orderly/support/builders';

export const details = (amount = 255, name = 'White mug', code = 'GBP'): Required<ProductDetails> => ({
  ...{ name, price: price(amount), currency: currency(code) },
  onSale: true,
});
