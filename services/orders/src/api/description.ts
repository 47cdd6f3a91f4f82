import {
  Amount,
  Currency,
  Customer,
  Metadata,
  OrderId,
  OrderLine,
  Reference,
  Shortage,
  Timestamp,
} from '@orderly/contracts';
import {
  type ApiDescription,
  answerOf,
  type ProblemDescription,
  pageOf,
} from '@orderly/functions/http/api-description';
import { unprocessable } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { OrderSummary } from '../domain/order.ts';
import { maxSkus, type Refused } from '../domain/pricing.ts';
import {
  NewCustomer,
  NewLine,
  NewOrder,
  OrderPath,
  OrdersQuery,
  orderKeyReused,
  orderNotFound,
  orderNotMoved,
  otherCustomer,
  otherEmail,
  type showOrder,
} from './orders.ts';

const OrderStatus = v.picklist(['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED']);
const Version = v.pipe(v.number(), v.integer(), v.minValue(1));

const OrderBody = answerOf<ReturnType<typeof showOrder>>()({
  orderId: OrderId,
  status: OrderStatus,
  version: Version,
  customer: Customer,
  currency: Currency,
  lines: v.pipe(v.array(OrderLine), v.minLength(1), v.maxLength(maxSkus)),
  total: Amount,
  placedAt: Timestamp,
  confirmedAt: v.optional(Timestamp),
  rejectedAt: v.optional(Timestamp),
  shortages: v.optional(v.array(Shortage)),
  cancelledAt: v.optional(Timestamp),
  shippedAt: v.optional(Timestamp),
  reference: v.optional(Reference),
  metadata: v.optional(Metadata),
});

const OrderSummaryBody = answerOf<OrderSummary>()({
  orderId: OrderId,
  status: OrderStatus,
  currency: Currency,
  total: Amount,
  placedAt: Timestamp,
});

const OrdersPage = pageOf(OrderSummaryBody);

const orderId = v.parse(OrderId, 'a3da9915-e501-815b-b444-699b1c553a42');
const placed = {
  orderId,
  status: 'PLACED',
  version: 1,
  customer: { id: 'alice', email: 'alice@example.com' },
  currency: 'EUR',
  lines: [{ sku: 'MUG', name: 'Mug', quantity: 2, unitPrice: 1250, lineTotal: 2500 }],
  total: 2500,
  placedAt: '2026-01-31T12:00:00.000Z',
  reference: 'PO-2026-0131',
  metadata: { 'gift note': 'Happy birthday, Ann' },
};
const confirmed = {
  ...placed,
  status: 'CONFIRMED',
  version: 2,
  confirmedAt: '2026-01-31T12:00:00.400Z',
};
const cancelled = { ...confirmed, status: 'CANCELLED', version: 3, cancelledAt: '2026-01-31T12:00:05.000Z' };
const shipped = { ...confirmed, status: 'SHIPPED', version: 3, shippedAt: '2026-02-01T08:30:00.000Z' };
const { lines, customer, version, reference, metadata, ...summary } = placed;

const notFound: ProblemDescription = {
  when: 'There is no such order, or it belongs to another customer',
  example: orderNotFound(orderId),
};

/** Every rule that an order can break, with an example of the answer. */
const rules: Readonly<Record<Refused['rule'], readonly [when: string, detail: string, line?: number]>> = {
  'unknown-sku': ['A line names an unknown SKU', 'Unknown SKU: CUP', 0],
  'off-sale': ['A line names a product that is off sale', 'Not on sale: CUP', 0],
  'too-many-skus': [
    `The lines name more than ${maxSkus} different SKUs`,
    `An order has at most ${maxSkus} different SKUs; this one has 1200`,
  ],
  'quantity-too-large': [
    'The lines of one SKU add up to too many pieces',
    'The lines of one SKU add up to at most 100000 pieces',
    1,
  ],
  'mixed-currencies': [
    'The products are priced in different currencies',
    'An order has one currency; these lines have EUR, GBP',
  ],
  'total-too-large': [
    'The total is larger than a JSON number can hold exactly',
    'An order adds up to at most 9007199254740991 minor units',
  ],
  'order-too-large': [
    'The order is too large to be stored: hundreds of lines with long SKUs and names, or much metadata',
    'The SKUs and names of these 900 lines, and what was noted of the order, are too long for one order: it would ' +
      'take up to 520 kB of 400 kB; make two orders of it',
  ],
};

const refusals: readonly ProblemDescription[] = Object.entries(rules).map(([code, [when, detail, line]]) => ({
  when,
  example: unprocessable(
    code,
    detail,
    line === undefined ? undefined : [{ path: `/body/lines/${line}/sku`, message: detail }],
  ),
}));

export const apiDescription: ApiDescription = {
  title: 'Orderly orders',
  version: '1.0.0',
  description:
    'Accepts orders and tracks their status: `PLACED -> CONFIRMED | REJECTED | CANCELLED`, ' +
    '`CONFIRMED -> SHIPPED | CANCELLED`. A new order is PLACED; a moment later it is CONFIRMED if its stock could be ' +
    'reserved, and REJECTED if not.',
  url: 'http://127.0.0.1:3001',
  tags: { orders: 'Orders and their status' },
  schemas: {
    NewOrder: {
      schema: NewOrder,
      description: 'A new order. Prices never come from the caller.',
    },
    NewCustomer: { schema: NewCustomer, description: 'The customer who places the order.' },
    NewLine: { schema: NewLine, description: 'A SKU and a number of pieces.' },
    Order: { schema: OrderBody, description: 'An order, with the prices that applied when it was placed.' },
    OrderStatus: {
      schema: OrderStatus,
      description: 'The status of an order. REJECTED, CANCELLED and SHIPPED are final.',
    },
    OrderSummary: { schema: OrderSummaryBody, description: 'An order as a list shows it.' },
    OrdersPage: { schema: OrdersPage, description: "A page of a customer's orders, newest first." },
    Version: {
      schema: Version,
      description: 'Counts the changes of the order; 1 for a new one.',
      example: 1,
    },
  },
  routes: [
    {
      route: 'POST /orders',
      name: 'place-order',
      tag: 'orders',
      summary: 'Places an order',
      description:
        'The names and prices are those of the products as this service knows them. Lines with the same SKU are merged.',
      body: {
        schema: NewOrder,
        example: {
          customer: { id: 'alice', email: 'alice@example.com' },
          lines: [{ sku: 'MUG', quantity: 2 }],
          reference,
          metadata,
        },
      },
      repeats:
        'a repeat by the same customer places no second order and gets the first answer again, whatever the ' +
        'status of the order is by then; a repeat with another body is refused with 422',
      answers: [
        {
          status: 201,
          description: 'The order is accepted. A repeat gets the answer of the first request.',
          schema: OrderBody,
          example: placed,
          location: `/orders/${orderId}`,
        },
      ],
      problems: [
        ...refusals,
        { when: 'The customer is not the one that the token names', example: otherCustomer() },
        {
          when: 'The token has a verified `email` that differs from the address of the customer',
          example: otherEmail(),
        },
        { when: 'The key was used for another order', example: orderKeyReused() },
      ],
    },
    {
      route: 'GET /orders/{orderId}',
      name: 'get-order',
      tag: 'orders',
      summary: 'Shows an order',
      description: 'An order is found as soon as its creation was answered.',
      path: OrderPath,
      answers: [{ status: 200, description: 'The order', schema: OrderBody, example: confirmed }],
      problems: [notFound],
    },
    {
      route: 'GET /orders',
      name: 'list-orders',
      tag: 'orders',
      summary: "Lists a customer's orders, newest first",
      query: OrdersQuery,
      answers: [
        {
          status: 200,
          description: 'One page of the list',
          schema: OrdersPage,
          example: { items: [summary], nextCursor: 'eyJwayI6Ik9SREVSIn0.Zk3vJ0cTq1xYb2aL' },
        },
      ],
    },
    {
      route: 'POST /orders/{orderId}/cancel',
      name: 'cancel-order',
      tag: 'orders',
      summary: 'Cancels an order',
      description: 'Possible while the order is placed or confirmed. Reserved stock is released.',
      path: OrderPath,
      answers: [
        {
          status: 200,
          description: 'The order is cancelled, by this request or an earlier one',
          schema: OrderBody,
          example: cancelled,
        },
      ],
      problems: [
        notFound,
        { when: 'The order was rejected or shipped', example: orderNotMoved('SHIPPED', 'cancelled') },
      ],
    },
    {
      route: 'POST /orders/{orderId}/ship',
      name: 'ship-order',
      tag: 'orders',
      summary: 'Marks a confirmed order as shipped',
      path: OrderPath,
      answers: [
        {
          status: 200,
          description: 'The order is shipped, by this request or an earlier one',
          schema: OrderBody,
          example: shipped,
        },
      ],
      problems: [
        notFound,
        { when: 'The order is not confirmed', example: orderNotMoved('PLACED', 'shipped') },
      ],
    },
  ],
};
