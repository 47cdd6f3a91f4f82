import type { CloudEvent, EventDefinition, Plain, Topic } from './event.ts';
import {
  ProductUpserted,
  StockRejected,
  StockReleased,
  StockReserved,
  StockShipped,
} from './inventory-events.ts';
import { NotificationFailed, NotificationSent } from './notification-events.ts';
import { OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, OrderShipped } from './order-events.ts';
import { describeIssues, parse } from './parse.ts';
import { WebhookEndpointDisabled } from './webhook-events.ts';

/** Values that replace those of the sample. The subject follows the data unless it is given. */
export type SampleOverrides<Data> = Partial<Omit<CloudEvent, 'type' | 'dataschema' | 'data'>> & {
  readonly data?: Partial<Plain<Data>>;
};

interface Sample {
  readonly definition: EventDefinition;
  readonly data: object;
  /** The field of `data` that names the aggregate. */
  readonly subject: string;
}

/** Pairs a sample with its definition, so that the compiler checks its fields. */
function sample<Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  subject: keyof Data & string,
  data: Plain<Data> & object,
): Sample {
  return { definition, data, subject };
}

const orderId = '0192f0c1-7e00-7000-8000-000000000001';
const placedAt = '2026-01-31T12:00:00.000Z';
const laterAt = '2026-01-31T12:00:01.500Z';

const order = {
  orderId,
  customer: { id: '17850', email: 'customer@example.com' },
  currency: 'GBP',
  lines: [
    { sku: '85123A', name: 'White hanging heart', quantity: 6, unitPrice: 255, lineTotal: 1_530 },
    { sku: '71053', name: 'White metal lantern', quantity: 2, unitPrice: 339, lineTotal: 678 },
  ],
  total: 2_208,
  placedAt,
  reference: 'PO-2026-0131',
  metadata: { 'gift note': 'Happy birthday, Ann' },
};

const lines = [
  { sku: '85123A', quantity: 6 },
  { sku: '71053', quantity: 2 },
];

const sources = {
  'order-events': 'orderly/orders',
  'inventory-events': 'orderly/inventory',
  'notification-events': 'orderly/notifications',
  'webhook-events': 'orderly/webhooks',
} satisfies Record<Topic, string>;

const shortages = [{ sku: '71053', requested: 2, available: 1 }];

const notification = {
  notificationId: `${orderId}.order-confirmed`,
  orderId,
  kind: 'order-confirmed',
  channel: 'smtp',
};

const samples = [
  sample(OrderPlaced, 'orderId', order),
  sample(OrderConfirmed, 'orderId', { ...order, confirmedAt: laterAt }),
  sample(OrderRejected, 'orderId', { ...order, shortages, rejectedAt: laterAt }),
  sample(OrderCancelled, 'orderId', { ...order, cancelledAt: laterAt }),
  sample(OrderShipped, 'orderId', { ...order, shippedAt: laterAt }),
  sample(ProductUpserted, 'sku', {
    sku: '85123A',
    name: 'White hanging heart',
    price: 255,
    currency: 'GBP',
    onSale: true,
  }),
  sample(StockReserved, 'orderId', { orderId, lines, reservedAt: laterAt }),
  sample(StockRejected, 'orderId', { orderId, shortages, rejectedAt: laterAt }),
  sample(StockReleased, 'orderId', { orderId, lines, releasedAt: laterAt }),
  sample(StockShipped, 'orderId', { orderId, lines, shippedAt: laterAt }),
  sample(NotificationSent, 'notificationId', {
    ...notification,
    messageId: '<1@mail.example.com>',
    sentAt: laterAt,
  }),
  sample(NotificationFailed, 'notificationId', {
    ...notification,
    reason: '550 No such user',
    failedAt: laterAt,
  }),
  sample(WebhookEndpointDisabled, 'endpointId', {
    endpointId: '019b1a3c-7d0e-7c4b-9a55-3f2e6d8c1b20',
    tenant: 'billing',
    host: 'hooks.example.com',
    reason: 'FAILING',
    failingSince: placedAt,
    disabledAt: laterAt,
  }),
];

/**
 * A valid event for tests, the same at every call except for what is overridden:
 * `sampleEvent(OrderPlaced, { data: { orderId }, sequence: 2 })`.
 *
 * @throws TypeError when the event has no sample, or when an override breaks the event's schema
 */
export function sampleEvent<Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  { data: changes, ...envelope }: SampleOverrides<Data> = {},
): CloudEvent<Type, Data> {
  const { type, dataschema } = definition;
  const position = samples.findIndex((candidate) => candidate.definition.type === type);
  const found = samples[position];
  if (found === undefined) throw new TypeError(`There is no sample of ${type}`);
  const data: Record<string, unknown> = { ...found.data, ...changes };
  const event = parse(definition.schema, {
    specversion: '1.0',
    id: `0192f0c1-7e00-7000-8000-0000000001${String(position).padStart(2, '0')}`,
    source: sources[definition.topic],
    subject: data[found.subject],
    time: laterAt,
    datacontenttype: 'application/json',
    sequence: 1,
    correlationid: 'sample-request',
    causationid: 'sample-cause',
    ...envelope,
    type,
    dataschema,
    data,
  });
  if (event.outcome === 'invalid')
    throw new TypeError(`Not a valid ${type}: ${describeIssues(event.issues)}`);
  return event.value;
}
