import type { Topic } from './event.ts';

/** The event types of each topic, for publishers: the definitions would make their bundles too large. */
export const eventTypes = {
  'order-events': [
    'orderly.order.placed.v1',
    'orderly.order.confirmed.v1',
    'orderly.order.rejected.v1',
    'orderly.order.cancelled.v1',
    'orderly.order.shipped.v1',
  ],
  'inventory-events': [
    'orderly.product.upserted.v1',
    'orderly.stock.reserved.v1',
    'orderly.stock.rejected.v1',
    'orderly.stock.released.v1',
    'orderly.stock.shipped.v1',
  ],
  'notification-events': ['orderly.notification.sent.v1', 'orderly.notification.failed.v1'],
  'webhook-events': ['orderly.webhook-endpoint.disabled.v1'],
} as const satisfies Readonly<Record<Topic, readonly string[]>>;
