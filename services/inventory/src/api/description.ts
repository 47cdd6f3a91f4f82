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
    'Owns the products and their stock. In every answer `onHand = available + reserved`. Orders reserve, release and ship ' +
    'stock through events, so there is no route for it.',
  url: 'http://127.0.0.1:3002',
  tags: {
    products: 'Products with their stock',
    stock: 'Stock adjustments: goods received or written off',
  },
  schemas: {
    ProductDetails: {
      schema: ProductDetails,
      description:
        'Name, price and whether the product is on sale. Stock changes only through adjustments and orders.',
    },
    Product: {
      schema: ProductBody,
      description: 'A product and its stock: `onHand = available + reserved`.',
    },
    ProductsPage: { schema: ProductsPage, description: 'A page of products, sorted by SKU.' },
    NewAdjustment: { schema: NewAdjustment, description: 'Goods received or written off, with the reason.' },
    Adjustment: { schema: AdjustmentBody, description: "An entry in a product's stock ledger." },
    AdjustmentQuantity: {
      schema: AdjustmentQuantity,
      example: 10,
    },
  },
  routes: [
    {
      route: 'PUT /products/{sku}',
      name: 'put-product',
      tag: 'products',
      summary: 'Creates or changes a product',
      description:
        'A new product has no stock and is on sale. A product with `onSale` false cannot be ordered; it keeps its stock, ' +
        'and accepted orders proceed. Without `onSale` that setting is unchanged. An identical repeat changes nothing.',
      path: ProductPath,
      body: { schema: ProductDetails, example: details },
      answers: [
        {
          status: 200,
          description: 'The product, changed or unchanged',
          schema: ProductBody,
          example: stocked,
        },
        {
          status: 201,
          description: 'The product was created',
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
      answers: [{ status: 200, description: 'The product', schema: ProductBody, example: stocked }],
      problems: [notFound],
    },
    {
      route: 'GET /products',
      name: 'list-products',
      tag: 'products',
      summary: 'Lists all products, sorted by SKU',
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
      summary: 'Adjusts the stock of a product',
      path: ProductPath,
      body: { schema: NewAdjustment, example: adjustment },
      repeats:
        'a repeat for the same product adjusts nothing and gets the first answer again; a repeat with another body is ' +
        'refused with 422',
      answers: [
        {
          status: 201,
          description:
            'The stock is adjusted. A repeat adjusts nothing and gets the answer of the first request.',
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
          when: '`available` would fall below zero, or `onHand` would exceed 1,000,000,000',
          example: stockOutOfBounds(8),
        },
        { when: 'The key was used for another adjustment', example: adjustmentKeyReused() },
      ],
    },
  ],
};
