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
import { type BasketRefusal, maxSkus } from '../domain/basket.ts';
import type { OrderSummary } from '../domain/order.ts';
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
  when: "There is no such order, or it is somebody else's",
  example: orderNotFound(orderId),
};

/** Every rule that a basket can break, with what it tells. */
const refusals: Readonly<
  Record<BasketRefusal['refused'], readonly [when: string, detail: string, line?: number]>
> = {
  'unknown-sku': ['A line names a SKU that nobody has registered', 'Unknown SKU: CUP', 0],
  'off-sale': ['A line names a product that was taken off sale', 'Not on sale: CUP', 0],
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
    'The lines add up to more than a JSON number holds exactly',
    'An order adds up to at most 9007199254740991 minor units',
  ],
  'order-too-large': [
    'Hundreds of lines with long SKUs and names, or much metadata, take more room than an order has',
    'The SKUs and names of these 900 lines, and what was noted of the order, are too long for one order: it would ' +
      'take up to 520 kB of 400 kB; make two orders of it',
  ],
};

const basketProblems: readonly ProblemDescription[] = Object.entries(refusals).map(
  ([code, [when, detail, line]]) => ({
    when,
    example: unprocessable(
      code,
      detail,
      line === undefined ? undefined : [{ path: `/body/lines/${line}/sku`, message: detail }],
    ),
  }),
);

export const apiDescription: ApiDescription = {
  title: 'Orderly orders',
  version: '1.0.0',
  description:
    'Takes orders and moves them: `PLACED -> CONFIRMED | REJECTED | CANCELLED`, ' +
    '`CONFIRMED -> SHIPPED | CANCELLED`. An order is accepted as PLACED; whether its stock could be reserved ' +
    'is known a moment later.',
  url: 'http://127.0.0.1:3001',
  tags: { orders: 'What customers have asked for, and what has become of it' },
  schemas: {
    NewOrder: {
      schema: NewOrder,
      description: 'What a customer asks for; prices never come from the caller',
    },
    NewCustomer: { schema: NewCustomer, description: 'Who orders, and where to reach them' },
    NewLine: { schema: NewLine, description: 'A SKU and how many pieces of it' },
    Order: { schema: OrderBody, description: 'An order at the prices that held when it was placed' },
    OrderStatus: {
      schema: OrderStatus,
      description: 'Where an order is; REJECTED, CANCELLED and SHIPPED are final',
    },
    OrderSummary: { schema: OrderSummaryBody, description: 'What a list shows of an order' },
    OrdersPage: { schema: OrdersPage, description: "A customer's orders, newest first" },
    Version: { schema: Version, description: 'Counts the changes; 1 when placed', example: 1 },
  },
  routes: [
    {
      route: 'POST /orders',
      name: 'place-order',
      tag: 'orders',
      summary: 'Prices an order and accepts it',
      description:
        'Lines of the same SKU are added up. Prices and names are those that the platform knows of the products.',
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
        'the same customer and the same key are the same order and the same answer, whatever has become of the ' +
        'order since; with another body they are refused with 422',
      answers: [
        {
          status: 201,
          description: 'The order is accepted; a repeat is answered like the first request',
          schema: OrderBody,
          example: placed,
          location: `/orders/${orderId}`,
        },
      ],
      problems: [
        ...basketProblems,
        { when: 'The customer is not the one that the token names', example: otherCustomer() },
        {
          when: 'The token has a verified `email`, and the address of the customer is another one',
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
      description: 'What a caller was told exists is found.',
      path: OrderPath,
      answers: [
        { status: 200, description: 'The order as it is now', schema: OrderBody, example: confirmed },
      ],
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
      summary: 'Takes an order back',
      description: 'Possible until it is rejected or shipped; its stock comes back.',
      path: OrderPath,
      answers: [
        {
          status: 200,
          description: 'The order is cancelled, now or already',
          schema: OrderBody,
          example: cancelled,
        },
      ],
      problems: [
        notFound,
        { when: 'The order is rejected or shipped', example: orderNotMoved('SHIPPED', 'cancelled') },
      ],
    },
    {
      route: 'POST /orders/{orderId}/ship',
      name: 'ship-order',
      tag: 'orders',
      summary: 'Says that a confirmed order has left',
      path: OrderPath,
      answers: [
        {
          status: 200,
          description: 'The order is shipped, now or already',
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
