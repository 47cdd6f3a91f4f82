import { nameOf } from './checks/expected-events.ts';
import type { Evidence } from './evidence.ts';
import { withoutDuplicates } from './subscriber.ts';

/** What came of an order, without the ids and times that every run has others of. */
interface OrderOutcome {
  readonly status: string;
  readonly version: number;
  readonly reservation: string | undefined;
  /** Its events in order, as `order.placed 1`. */
  readonly events: readonly string[];
  /** As `order-confirmed SENT`. */
  readonly notifications: readonly string[];
  /** The kinds of the mails that have arrived. */
  readonly mails: readonly string[];
}

interface ProductOutcome {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly version: number;
  /** As the orders service knows it. */
  readonly copy: string;
  readonly events: readonly string[];
}

/** What came of a run, on plain data: two platforms agree when their outcomes are equal. */
export interface Outcome {
  /** By the idempotency keys of the orders. */
  readonly orders: Readonly<Record<string, OrderOutcome>>;
  /** By SKU. */
  readonly products: Readonly<Record<string, ProductOutcome>>;
  /** The poison that was dead-lettered, as `wrong types of order-events--inventory`. */
  readonly deadLetters: readonly string[];
}

export function outcomeOf({
  accepted,
  orders,
  reservations,
  products,
  replica,
  notifications,
  events,
  mails = [],
  poison,
  deadLetters,
}: Evidence): Outcome {
  const once = withoutDuplicates(events);
  const eventsOf = (source: string, subject: string) =>
    once
      .filter((event) => event.source === `orderly/${source}` && event.subject === subject)
      .map(({ type, sequence }) => `${nameOf(type)} ${sequence}`);
  const ofOrder = ({ orderId, status, version }: Evidence['orders'][number]): OrderOutcome => {
    const own = notifications.filter((each) => each.orderId === orderId);
    return {
      ...{ status, version, reservation: reservations.get(orderId)?.status },
      events: [
        ...eventsOf('orders', orderId),
        ...eventsOf('inventory', orderId),
        ...own.flatMap(({ notificationId }) => eventsOf('notifications', notificationId)).sort(),
      ],
      notifications: own.map((each) => `${each.kind} ${each.status}`).sort(),
      mails: own
        .filter(({ notificationId }) => mails.includes(`<${notificationId}@orderly>`))
        .map(({ kind }) => kind)
        .sort(),
    };
  };
  const ofProduct = (product: Evidence['products'][number]): ProductOutcome => {
    const { sku, onHand, reserved, available, version } = product;
    const copy = replica.get(sku);
    return {
      ...{ onHand, reserved, available, version, copy: `${copy?.name} ${copy?.price}` },
      events: eventsOf('inventory', sku),
    };
  };
  const keyOf = (orderId: string): string => accepted.orders.get(orderId)?.key ?? orderId;
  return {
    orders: byName(orders.map((order) => [keyOf(order.orderId), ofOrder(order)])),
    products: byName(products.map((product) => [product.sku, ofProduct(product)])),
    deadLetters: poison
      .filter(
        ({ body, ends }) => ends !== 'mostly ignored' && deadLetters.some((letter) => letter.body === body),
      )
      .map(({ kind, subscription }) => `${kind} of ${subscription}`)
      .sort(),
  };
}

const byName = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
