import { currency, price } from '../../../tests/support/src/builders.ts';
import type { ProductDetails } from '../src/domain/product.ts';

export * from '../../../tests/support/src/builders.ts';

export const details = (amount = 255, name = 'White mug', code = 'GBP'): Required<ProductDetails> => ({
  ...{ name, price: price(amount), currency: currency(code) },
  onSale: true,
});
