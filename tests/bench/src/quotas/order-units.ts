/** Write units a second of each table. */
export interface TableUnits {
  readonly orders: number;
  readonly inventory: number;
  readonly notifications: number;
}

export const LINES_PER_ORDER = 3;
/** services/orders/src/adapters/order-table.ts */
export const UNDECIDED_KEYS = 16;

/** Units of each write, as `npm run cost` counts them for an order of three lines: docs/cost.md */
export const units = {
  order: { table: 2, undecided: 1 },
  /** In a transaction, which takes each twice. */
  reservation: 4,
  product: 2,
  notification: { pending: 1, sent: 2 },
} as const;

/** Write units of each table that an order of three lines takes. */
export function unitsOfOrder(): TableUnits {
  const { order, reservation, product, notification } = units;
  return {
    // Placed and confirmed.
    orders: 2 * order.table,
    inventory: reservation + LINES_PER_ORDER * product,
    notifications: notification.pending + notification.sent,
  };
}
