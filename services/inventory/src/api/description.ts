import {
  AdjustmentQuantity,
  Currency,
  OnSale,
  Price,
  ProductName,
  Reason,
  Sku,
  StockLevel,
  Timestamp,
} from '@orderly/contracts';
import {
  type ApiDescription,
  answerOf,
  type ProblemDescription,
  pageOf,
} from '@orderly/functions/http/api-description';
import * as v from 'valibot';
import type { Adjustment } from '../domain/adjustment.ts';
import type { Product } from '../domain/product.ts';
import {
  adjustmentKeyReused,
  NewAdjustment,
  ProductDetails,
  ProductPath,
  ProductsQuery,
  productNotFound,
  stockOutOfBounds,
} from './products.ts';

const ProductBody = answerOf<Product>()({
  sku: Sku,
  name: ProductName,
  price: Price,
  currency: Currency,
  onSale: OnSale,
  onHand: StockLevel,
  reserved: StockLevel,
  available: StockLevel,
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const ProductsPage = pageOf(ProductBody);

const AdjustmentBody = answerOf<Adjustment>()({
  adjustmentId: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  sku: Sku,
  quantity: AdjustmentQuantity,
  reason: Reason,
  adjustedAt: Timestamp,
});

const sku = v.parse(Sku, 'MUG');
const details = { name: 'Mug', price: 1250, currency: 'EUR' };
const unstocked = { sku, ...details, onSale: true, onHand: 0, reserved: 0, available: 0, version: 1 };
const stocked = { ...unstocked, onHand: 10, reserved: 2, available: 8, version: 3 };
const adjustment = { quantity: 10, reason: 'first delivery' };

const notFound: ProblemDescription = { when: 'There is no such product', example: productNotFound(sku) };

export const apiDescription: ApiDescription = {
  title: 'Orderly inventory',
  version: '1.0.0',
  description:
    'Keeps products and their stock. `onHand = available + reserved` in every answer; orders reserve and ship ' +
    'stock by events, so no route here does.',
  url: 'http://127.0.0.1:3002',
  tags: {
    products: 'What is sold, and how many of it there are',
    stock: 'Goods that come in or are written off',
  },
  schemas: {
    ProductDetails: {
      schema: ProductDetails,
      description: 'What is said of a product; its stock is not, that only adjustments and orders change',
    },
    Product: { schema: ProductBody, description: 'A product and its stock: `onHand = available + reserved`' },
    ProductsPage: { schema: ProductsPage, description: 'Products by SKU' },
    NewAdjustment: { schema: NewAdjustment, description: 'Goods that come in or are written off, and why' },
    Adjustment: { schema: AdjustmentBody, description: "One entry of a product's stock ledger" },
    AdjustmentQuantity: {
      schema: AdjustmentQuantity,
      description: 'Pieces that come in; below zero, pieces that are written off',
      example: 10,
    },
  },
  routes: [
    {
      route: 'PUT /products/{sku}',
      name: 'put-product',
      tag: 'products',
      summary: 'Creates a product, changes it, or takes it off sale',
      description:
        'A new product has no stock yet and is on sale. Sending what is there already changes nothing. With `onSale` false ' +
        'nobody can order it any more; it keeps its stock, and orders that were accepted go on. Without `onSale` that ' +
        'stays as it is.',
      path: ProductPath,
      body: { schema: ProductDetails, example: details },
      answers: [
        {
          status: 200,
          description: 'The product, changed or as it was',
          schema: ProductBody,
          example: stocked,
        },
        {
          status: 201,
          description: 'The product is new',
          schema: ProductBody,
          example: unstocked,
          location: `/products/${sku}`,
        },
      ],
    },
    {
      route: 'GET /products/{sku}',
      name: 'get-product',
      tag: 'products',
      summary: 'Shows a product and its stock',
      path: ProductPath,
      answers: [
        { status: 200, description: 'The product as it is now', schema: ProductBody, example: stocked },
      ],
      problems: [notFound],
    },
    {
      route: 'GET /products',
      name: 'list-products',
      tag: 'products',
      summary: 'Lists all products by SKU',
      query: ProductsQuery,
      answers: [
        {
          status: 200,
          description: 'One page of the list',
          schema: ProductsPage,
          example: { items: [stocked], nextCursor: 'eyJza3UiOiJNVUcifQ.Zk3vJ0cTq1xYb2aL' },
        },
      ],
    },
    {
      route: 'POST /products/{sku}/adjustments',
      name: 'adjust-stock',
      tag: 'stock',
      summary: 'Takes goods in or writes them off',
      path: ProductPath,
      body: { schema: NewAdjustment, example: adjustment },
      repeats:
        'the same product and the same key are the same adjustment and the same answer; with another body they ' +
        'are refused with 422',
      answers: [
        {
          status: 201,
          description: 'The stock has moved; a repeat is answered like the first request and moves nothing',
          schema: AdjustmentBody,
          example: {
            adjustmentId: '32b7bd1c-74f3-4c10-96b4-77aa72ae8cb1',
            sku,
            ...adjustment,
            adjustedAt: '2026-01-31T12:00:00.000Z',
          },
          location: `/products/${sku}`,
        },
      ],
      problems: [
        notFound,
        {
          when: '`available` would go below zero, or `onHand` above 1,000,000,000',
          example: stockOutOfBounds(8),
        },
        { when: 'The key was used for another adjustment', example: adjustmentKeyReused() },
      ],
    },
  ],
};
