import * as v from 'valibot';
import { defineEvent } from './event.ts';
import {
  isProductUpsertedV1,
  isStockRejectedV1,
  isStockReleasedV1,
  isStockReservedV1,
  isStockShippedV1,
} from './exact-checks.ts';
import { Currency, Price } from './money.ts';
import { OnSale, OrderId, ProductName, Shortage, Sku, SkuQuantity, Timestamp } from './values.ts';

const lines = v.pipe(
  v.array(SkuQuantity),
  v.minLength(1),
  v.maxLength(1000),
  v.description('The reserved quantity of each SKU.'),
);
const shortages = v.pipe(
  v.array(Shortage),
  v.minLength(1),
  v.description('The SKUs that the stock does not cover.'),
);

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/* @__NO_SIDE_EFFECTS__ */
const inventoryEvent = <const Type extends string, const Data extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly isExact: (event: unknown) => boolean;
  readonly description: string;
  readonly data: Data;
}) => defineEvent({ ...event, topic: 'inventory-events', data: v.object(event.data) });

export const ProductUpserted = inventoryEvent({
  type: 'orderly.product.upserted.v1',
  isExact: isProductUpsertedV1,
  description:
    'A product was created, changed, taken off sale or put back on sale. Stock levels are not included.',
  data: { sku: Sku, name: ProductName, price: Price, currency: Currency, onSale: OnSale },
});

export const StockReserved = inventoryEvent({
  type: 'orderly.stock.reserved.v1',
  isExact: isStockReservedV1,
  description: 'All lines of the order are reserved.',
  data: { orderId: OrderId, lines, reservedAt: Timestamp },
});

export const StockRejected = inventoryEvent({
  type: 'orderly.stock.rejected.v1',
  isExact: isStockRejectedV1,
  description: 'At least one line exceeds the available stock, so nothing is reserved.',
  data: { orderId: OrderId, shortages, rejectedAt: Timestamp },
});

export const StockReleased = inventoryEvent({
  type: 'orderly.stock.released.v1',
  isExact: isStockReleasedV1,
  description: 'The stock that was reserved for the order is available again.',
  data: { orderId: OrderId, lines, releasedAt: Timestamp },
});

export const StockShipped = inventoryEvent({
  type: 'orderly.stock.shipped.v1',
  isExact: isStockShippedV1,
  description: 'The stock that was reserved for the order has left the warehouse.',
  data: { orderId: OrderId, lines, shippedAt: Timestamp },
});
