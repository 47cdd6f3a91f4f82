import type { EventDefinition, EventOf } from './event.ts';
import {
  ProductUpserted,
  StockRejected,
  StockReleased,
  StockReserved,
  StockShipped,
} from './inventory-events.ts';
import { NotificationFailed, NotificationSent } from './notification-events.ts';
import { OrderCancelled, OrderConfirmed, OrderPlaced, OrderRejected, OrderShipped } from './order-events.ts';
import type { Issue } from './parse.ts';
import { byType, readEvent } from './reaction.ts';
import { WebhookEndpointDisabled } from './webhook-events.ts';

/** The types are listed one by one, so that the package's declarations do not repeat the fields of each event. */
const known: readonly [
  typeof OrderPlaced,
  typeof OrderConfirmed,
  typeof OrderRejected,
  typeof OrderCancelled,
  typeof OrderShipped,
  typeof ProductUpserted,
  typeof StockReserved,
  typeof StockRejected,
  typeof StockReleased,
  typeof StockShipped,
  typeof NotificationSent,
  typeof NotificationFailed,
  typeof WebhookEndpointDisabled,
] = [
  OrderPlaced,
  OrderConfirmed,
  OrderRejected,
  OrderCancelled,
  OrderShipped,
  ProductUpserted,
  StockReserved,
  StockRejected,
  StockReleased,
  StockShipped,
  NotificationSent,
  NotificationFailed,
  WebhookEndpointDisabled,
];

/** Every event of the platform, every version. */
export const eventDefinitions: readonly EventDefinition[] = known;

/** Any event of the platform. Narrow it by its type: `if (event.type === OrderPlaced.type) event.data.lines`. */
export type KnownEvent = EventOf<(typeof known)[number]>;

export type ParsedEvent =
  | { readonly outcome: 'event'; readonly event: KnownEvent }
  /** An event of a type that this version of the package does not know: acknowledge it. */
  | { readonly outcome: 'ignored'; readonly type: string }
  /** No event, or one that breaks its schema: dead-letter it. */
  | { readonly outcome: 'invalid'; readonly issues: readonly Issue[] };

// Pure, so that a reader without `parseEvent` bundles no event that it does not name.
const reactions = /* @__PURE__ */ byType(/* @__PURE__ */ known.map((definition) => ({ definition })));

/** Reads a message of any topic, for readers that want every event. Never throws. */
export function parseEvent(json: string): ParsedEvent {
  const read = readEvent(json, reactions);
  // The definition of this type has checked it.
  return read.outcome === 'event' ? { outcome: 'event', event: read.event as KnownEvent } : read;
}
