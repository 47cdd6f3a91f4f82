import { created, http } from '@orderly/functions/http/handler';
import { recordAdjustment } from '../adapters/adjustment-table.ts';
import {
  adjustmentKeyReused,
  NewAdjustment,
  ProductPath,
  productLocation,
  productNotFound,
  stockOutOfBounds,
} from '../api/products.ts';
import { adjust } from '../domain/adjustment.ts';

export const handler = http(
  { path: ProductPath, body: NewAdjustment },
  async ({ path: { sku }, body, idempotencyKey }) => {
    const result = await recordAdjustment(adjust(sku, body, idempotencyKey, new Date()));
    switch (result.outcome) {
      case 'adjusted':
        return created(productLocation(sku), result.adjustment);
      case 'unknown-product':
        throw productNotFound(sku);
      case 'other-request':
        throw adjustmentKeyReused();
      case 'out-of-bounds':
        throw stockOutOfBounds(result.available);
    }
  },
);
