import {
  NotificationSent,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  StockReleased,
  StockReserved,
  StockShipped,
} from '@orderly/contracts';
import type { PaidCall, Run } from './run.ts';

export type Step = 'placed' | 'reserved' | 'confirmed' | 'notified' | 'shipped' | 'cancelled';

/** Which functions run in each step of an order's life, and what for: a route, or an event. */
export const steps: Readonly<Record<Step, readonly (readonly [fn: string, cause: string])[]>> = {
  placed: [
    ['orders/place-order', 'POST /orders'],
    ['orders/publish-events', OrderPlaced.type],
  ],
  reserved: [
    ['inventory/consume-order-events', OrderPlaced.type],
    ['inventory/publish-events', StockReserved.type],
  ],
  confirmed: [
    ['orders/consume-inventory-events', StockReserved.type],
    ['orders/publish-events', OrderConfirmed.type],
  ],
  notified: [
    ['notifications/consume-order-events', OrderConfirmed.type],
    ['notifications/publish-events', NotificationSent.type],
  ],
  shipped: [
    ['orders/ship-order', 'POST /orders/{orderId}/ship'],
    ['orders/publish-events', OrderShipped.type],
    ['inventory/consume-order-events', OrderShipped.type],
    ['inventory/publish-events', StockShipped.type],
    ['notifications/consume-order-events', OrderShipped.type],
    ['notifications/publish-events', NotificationSent.type],
  ],
  cancelled: [
    ['orders/cancel-order', 'POST /orders/{orderId}/cancel'],
    ['orders/publish-events', OrderCancelled.type],
    ['inventory/consume-order-events', OrderCancelled.type],
    ['inventory/publish-events', StockReleased.type],
    ['notifications/consume-order-events', OrderCancelled.type],
    ['notifications/publish-events', NotificationSent.type],
  ],
};

/** What webhooks does in each step, as it gets every event of an order, whether there is an endpoint or not. */
export const webhookSteps: Readonly<Partial<typeof steps>> = Object.fromEntries(
  Object.entries({
    placed: OrderPlaced,
    confirmed: OrderConfirmed,
    shipped: OrderShipped,
    cancelled: OrderCancelled,
  }).map(([step, { type }]) => [step, [['webhooks/consume-order-events', type]]]),
);

export const stepNames = Object.keys(steps) as readonly Step[];
export const untilNotified = [
  'placed',
  'reserved',
  'confirmed',
  'notified',
] as const satisfies readonly Step[];
export const shippedOrder: readonly Step[] = [...untilNotified, 'shipped'];
export const cancelledOrder: readonly Step[] = [...untilNotified, 'cancelled'];

/** What was counted while orders lived. */
export interface Life {
  readonly steps: Readonly<Record<Step, readonly Run[]>>;
  /** Requests by which each service's publisher finds its subscriptions, once in a while. */
  readonly lookUpRequests: Readonly<Record<string, number>>;
}

export const functionOf = ({ service, functionName }: Run): string => `${service}/${functionName}`;

/** The runs of a function in the life of an order that is shipped. */
export const runsOf = (life: Life, name: string): readonly Run[] =>
  shippedOrder.flatMap((step) => life.steps[step]).filter((each) => functionOf(each) === name);

/** A life as it is where webhooks is not deployed: what that service does, and what is sent to it, is left out. */
export function withoutWebhooks(life: Life): Life {
  const isOthers = ({ queue = '' }: PaidCall) => !/-order-events--webhooks\.fifo$/.test(queue);
  const ofOthers = (runs: readonly Run[]) =>
    runs
      .filter(({ service }) => service !== 'webhooks')
      .map((run) => ({ ...run, calls: run.calls.filter(isOthers) }));
  const { orders = 0, ...lookUps } = life.lookUpRequests;
  const others = Object.fromEntries(stepNames.map((step) => [step, ofOthers(life.steps[step])]));
  return {
    steps: others as unknown as Life['steps'],
    // The tags of one queue less.
    lookUpRequests: { ...lookUps, orders: Math.max(0, orders - 1) },
  };
}
