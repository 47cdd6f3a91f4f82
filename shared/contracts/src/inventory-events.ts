import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { Currency, Price } from './money.ts';
import { OrderId, ProductName, Shortage, Sku, SkuQuantity, Timestamp } from './values.ts';

const lines = v.pipe(v.array(SkuQuantity), v.minLength(1), v.maxLength(1000));

/** A product is new, or its name or price has changed. Stock levels are not told. */
export const ProductUpserted = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.product.upserted.v1',
  data: v.object({ sku: Sku, name: ProductName, price: Price, currency: Currency }),
});

/** Every line of the order is set aside. */
export const StockReserved = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.stock.reserved.v1',
  data: v.object({ orderId: OrderId, lines, reservedAt: Timestamp }),
});

/** At least one line is short, so nothing is set aside. */
export const StockRejected = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.stock.rejected.v1',
  data: v.object({
    orderId: OrderId,
    shortages: v.pipe(v.array(Shortage), v.minLength(1)),
    rejectedAt: Timestamp,
  }),
});

/** What was set aside for the order is available again. */
export const StockReleased = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.stock.released.v1',
  data: v.object({ orderId: OrderId, lines, releasedAt: Timestamp }),
});

/** What was set aside for the order has left the warehouse. */
export const StockShipped = defineEvent({
  topic: 'inventory-events',
  type: 'orderly.stock.shipped.v1',
  data: v.object({ orderId: OrderId, lines, shippedAt: Timestamp }),
});
