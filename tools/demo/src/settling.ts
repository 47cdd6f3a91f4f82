import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Notification, StockLevel } from './api.ts';
import { missingEvents, notificationFaults, reservedBy, stockFaults } from './check.ts';
import { inParallel } from './parallel.ts';
import type { PlacedOrder } from './placing.ts';
import { messagesIn } from './queues.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';

/** How often orders are asked for that no event has decided yet: some times before patience ends. */
const sweepMs = ({ stallMs }: Session): number => Math.min(5_000, stallMs / 4);

/**
 * Waits until no order is PLACED any more, and reads each as it is then. The demo's own subscription says which
 * orders are worth a look; all the others are looked at now and then, so nothing depends on it.
 */
export const awaitFinal = async (session: Session, placed: readonly PlacedOrder[]): Promise<void> => {
  let pending: readonly PlacedOrder[] = placed;
  let sweptAt = 0;
  await settle(async () => {
    const sweep = Date.now() - sweptAt > sweepMs(session);
    if (sweep) sweptAt = Date.now();
    const worthALook = pending.filter(
      ({ latest }) => sweep || session.subscription.isDecided(latest.orderId),
    );
    await refresh(session, worthALook);
    pending = pending.filter(({ latest }) => latest.status === 'PLACED');
    return pending.length;
  }, session);
};

/** Reads orders anew. */
export const refresh = async (session: Session, orders: readonly PlacedOrder[]): Promise<void> => {
  await inParallel(orders, session.concurrency, async (order) => {
    order.latest = await session.api.order(order.latest.orderId);
  });
};

/** Waits until every event that the orders must have caused has reached the demo's own subscription. */
export const awaitEvents = async (session: Session, placed: readonly PlacedOrder[]): Promise<void> => {
  await settle(() => missingEvents(placed, session.subscription.has).length, session);
};

/** Waits until each order has the notifications it should have; answers what each has, by order id. */
export const awaitNotifications = async (
  session: Session,
  placed: readonly PlacedOrder[],
): Promise<Map<string, Notification[]>> => {
  const found = new Map<string, Notification[]>();
  let pending: readonly PlacedOrder[] = placed;
  await settle(async () => {
    for (const [orderId, notifications] of await readNotifications(session, pending)) {
      found.set(orderId, notifications);
    }
    pending = pending.filter(
      ({ latest }) => notificationFaults(latest, found.get(latest.orderId) ?? []).length > 0,
    );
    return pending.length;
  }, session);
  return found;
};

/** The notifications of each order, by order id. */
export const readNotifications = async (
  { api, concurrency }: Session,
  orders: readonly PlacedOrder[],
): Promise<Map<string, Notification[]>> =>
  new Map(
    await inParallel(orders, concurrency, async ({ latest }): Promise<[string, Notification[]]> => {
      return [latest.orderId, await api.notificationsOf(latest.orderId)];
    }),
  );

/** Waits until the stock of every product is what the orders say; answers it as it was last read. */
export const awaitStock = async (
  session: Session,
  before: ReadonlyMap<string, StockLevel>,
  placed: readonly PlacedOrder[],
): Promise<Map<string, StockLevel>> => {
  const reserved = reservedBy(placed);
  let after = new Map<string, StockLevel>();
  await settle(async () => {
    after = await session.api.stock();
    return stockFaults(before, after, reserved).length;
  }, session);
  return after;
};

const TOPICS = ['order-events', 'inventory-events', 'notification-events'] as const;

/** The platform's own subscriptions; what other teams leave in their queues is not the demo's business. */
const OWN_QUEUE = /--(orders|inventory|notifications)\.fifo$/;

/** Waits until no subscription of the platform holds a message; a poison one is in a dead-letter queue then. */
export const awaitQuiet = async (
  sqs: SQSClient,
  stage: string,
  patience: { readonly signal: AbortSignal; readonly stallMs: number },
): Promise<boolean> =>
  settle(async () => {
    let left = 0;
    for (const topic of TOPICS) {
      const queues = await messagesIn(sqs, `${stage}-${topic}--`);
      for (const [queue, messages] of queues) if (OWN_QUEUE.test(queue)) left += messages;
    }
    return left;
  }, patience);
