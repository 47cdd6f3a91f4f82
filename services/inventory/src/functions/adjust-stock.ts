import { created, http } from '@orderly/lambda/http';
import { conflict, unprocessable } from '@orderly/lambda/problem';
import { adjust } from '../adjustment.ts';
import { recordAdjustment } from '../adjustment-table.ts';
import { NewAdjustment, ProductPath, productNotFound } from '../product-http.ts';

export const handler = http(
  { path: ProductPath, body: NewAdjustment },
  async ({ path: { sku }, body, idempotencyKey }) => {
    const result = await recordAdjustment(adjust(sku, body, idempotencyKey, new Date()));
    switch (result.outcome) {
      case 'adjusted':
        return created(`/products/${sku}`, result.adjustment);
      case 'unknown-product':
        throw productNotFound(sku);
      case 'other-request':
        throw unprocessable('idempotency-key-reused', 'This Idempotency-Key was used for another adjustment');
      case 'out-of-bounds':
        throw conflict(
          'stock-out-of-bounds',
          `${result.available} available: this would leave the stock's bounds`,
        );
    }
  },
);
