import { randomUUID } from 'node:crypto';
import { Currency, OrderId, Price, type Shortage, Sku, type SkuQuantity } from '@orderly/contracts';
import * as v from 'valibot';
import type { ProductDetails } from '../src/domain/product.ts';

export const sku = (text: string) => v.parse(Sku, text);
export const newSku = () => sku(`SKU-${randomUUID()}`);
export const orderId = (text: string = randomUUID()) => v.parse(OrderId, text);

export const line = (text: string, quantity: number): SkuQuantity => ({ sku: sku(text), quantity });

export const short = (text: string, requested: number, available: number): Shortage => ({
  sku: sku(text),
  requested,
  available,
});

export const details = (price = 255, name = 'White mug', currency = 'GBP'): Required<ProductDetails> => ({
  name,
  price: v.parse(Price, price),
  currency: v.parse(Currency, currency),
  onSale: true,
});

export const noon = new Date('2026-01-31T12:00:00.000Z');
export const oneOClock = new Date('2026-01-31T13:00:00.000Z');
