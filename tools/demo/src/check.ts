import type { Notification, Order, StockLevel } from './api.ts';
import type { PlacedOrder } from './placing.ts';

/** One promise of the platform, checked over a whole run. */
export interface Check {
  readonly name: string;
  /** How many things were looked at. */
  readonly checked: number;
  /** One sentence for each that is wrong. */
  readonly faults: readonly string[];
}

/** Everything a run found out. */
export interface Evidence {
  readonly placed: readonly PlacedOrder[];
  /** Orders refused although every product of theirs was registered. */
  readonly lost: readonly string[];
  readonly stockBefore: ReadonlyMap<string, StockLevel>;
  readonly stockAfter: ReadonlyMap<string, StockLevel>;
  /** Notifications by order id. */
  readonly notifications: ReadonlyMap<string, readonly Notification[]>;
  /** Messages by dead-letter queue. */
  readonly deadLettersBefore: ReadonlyMap<string, number>;
  readonly deadLettersAfter: ReadonlyMap<string, number>;
  readonly hasEvent: (type: string, subject: string) => boolean;
  /** Messages on the demo's subscription that are no event. */
  readonly garbage: readonly string[];
}

/** Checks every promise; the run is good when no check has a fault. */
export const checkEvidence = (evidence: Evidence): Check[] => {
  const { placed, lost, stockBefore, stockAfter, notifications } = evidence;
  const dead = deadLetterFaults(evidence.deadLettersBefore, evidence.deadLettersAfter);
  return [
    { name: 'every registered product can be ordered', checked: placed.length + lost.length, faults: lost },
    { name: 'every order is final', checked: placed.length, faults: placed.flatMap(finalFaults) },
    {
      name: 'the stock equation holds',
      checked: stockBefore.size,
      faults: stockFaults(stockBefore, stockAfter, reservedBy(placed)),
    },
    {
      name: 'one notification per final event',
      checked: placed.length,
      faults: placed.flatMap(({ latest }) =>
        notificationFaults(latest, notifications.get(latest.orderId) ?? []),
      ),
    },
    {
      name: 'every event was delivered',
      checked: placed.length,
      faults: [
        ...missingEvents(placed, evidence.hasEvent),
        ...evidence.garbage.map((body) => `the subscription got a message that is no event: ${body}`),
      ],
    },
    { name: 'no dead letters', checked: evidence.deadLettersAfter.size, faults: dead },
  ];
};

const finalFaults = ({ plan, latest }: PlacedOrder): string[] =>
  latest.status === 'PLACED'
    ? [`order ${latest.orderId} (invoice ${plan.invoiceNo}) is still PLACED, since ${latest.placedAt}`]
    : [];

/** Pieces by SKU that these orders hold: those of the confirmed ones. */
export const reservedBy = (placed: readonly PlacedOrder[]): Map<string, number> => {
  const reserved = new Map<string, number>();
  for (const { latest } of placed) {
    if (latest.status !== 'CONFIRMED') continue;
    for (const { sku, quantity } of latest.lines) reserved.set(sku, (reserved.get(sku) ?? 0) + quantity);
  }
  return reserved;
};

/**
 * Products whose stock is not what it must be: onHand = available + reserved, nothing below zero, onHand as it
 * was (nothing is shipped in a run), and reserved grown by exactly what the confirmed orders hold.
 */
export const stockFaults = (
  before: ReadonlyMap<string, StockLevel>,
  after: ReadonlyMap<string, StockLevel>,
  reserved: ReadonlyMap<string, number>,
): string[] =>
  [...before].flatMap(([sku, start]) => {
    const end = after.get(sku);
    if (!end) return [`product ${sku} is gone`];
    const held = start.reserved + (reserved.get(sku) ?? 0);
    const { onHand, available } = end;
    const wrong = [
      onHand !== available + end.reserved && 'onHand is not available + reserved',
      Math.min(onHand, available, end.reserved) < 0 && 'a number is below zero',
      onHand !== start.onHand && `onHand was ${start.onHand}`,
      end.reserved !== held && `confirmed orders hold ${held}`,
    ].filter((fault) => fault !== false);
    if (wrong.length === 0) return [];
    return [
      `product ${sku}: ${wrong.join(', ')} (onHand ${onHand}, available ${available}, reserved ${end.reserved})`,
    ];
  });

/** The changes that an order went through since it was placed. */
const historyOf = (order: Order): string[] => [
  ...(order.confirmedAt === undefined ? [] : ['confirmed']),
  ...(order.rejectedAt === undefined ? [] : ['rejected']),
  ...(order.cancelledAt === undefined ? [] : ['cancelled']),
];

/** What is wrong with the notifications of an order: each of its changes has exactly one, and that is SENT. */
export const notificationFaults = (order: Order, notifications: readonly Notification[]): string[] => {
  const expected = historyOf(order).map((change) => `order-${change}`);
  const kinds = new Set([...expected, ...notifications.map(({ kind }) => kind)]);
  return [...kinds].flatMap((kind) => {
    const found = notifications.filter((notification) => notification.kind === kind);
    const statuses = found.map(({ status }) => status).join(', ');
    if (!expected.includes(kind)) return [`order ${order.orderId} has a ${kind} that nothing caused`];
    if (found.length === 0) return [`order ${order.orderId} has no ${kind}`];
    if (found.length > 1) return [`order ${order.orderId} has ${found.length} ${kind} (${statuses})`];
    return statuses === 'SENT' ? [] : [`order ${order.orderId}: its ${kind} is ${statuses}`];
  });
};

/** Events of the orders that the demo's subscription has not got. */
export const missingEvents = (
  placed: readonly PlacedOrder[],
  has: (type: string, subject: string) => boolean,
): string[] =>
  placed.flatMap(({ latest }) =>
    ['placed', ...historyOf(latest)]
      .map((change) => `orderly.order.${change}.v1`)
      .filter((type) => !has(type, latest.orderId))
      .map((type) => `${type} of order ${latest.orderId} has not reached the demo's subscription`),
  );

/** Dead-letter queues that hold more than before the run. */
const deadLetterFaults = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): string[] =>
  [...after].flatMap(([queue, messages]) => {
    const more = messages - (before.get(queue) ?? 0);
    return more > 0 ? [`${queue} holds ${more} message${more === 1 ? '' : 's'} of this run`] : [];
  });
