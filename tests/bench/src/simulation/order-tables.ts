import type { TokenBucket } from './token-bucket.ts';
import { partitionsFor, type Units } from './write-capacity.ts';

/** Write units a second that each table, and each of its indexes, is ready for. */
export interface ReadyUnits {
  readonly orders: number;
  readonly inventory: number;
  readonly notifications: number;
}

export const LINES_PER_ORDER = 3;
/** services/orders/src/order-table.ts */
export const UNDECIDED_KEYS = 16;

/** Units of each write, as `npm run cost` counts them for an order of three lines: docs/cost.md */
export const units = {
  order: { table: 2, byCustomer: 1, undecided: 1 },
  /** In a transaction, which takes each twice. */
  reservation: 4,
  product: 2,
  notification: { pending: 1, sent: 2 },
} as const;

/** The tables of the three services, and what each write of an order's way takes of them. */
export class OrderTables {
  readonly partitions: Readonly<
    Record<'orders' | 'byCustomer' | 'undecided' | 'inventory' | 'notifications', readonly TokenBucket[]>
  >;

  constructor(ready: ReadyUnits) {
    this.partitions = {
      orders: partitionsFor(ready.orders),
      byCustomer: partitionsFor(ready.orders),
      undecided: partitionsFor(ready.orders, UNDECIDED_KEYS),
      inventory: partitionsFor(ready.inventory),
      notifications: partitionsFor(ready.notifications),
    };
  }

  /** Placing and confirming an order take the same of the table and of both indexes. */
  orderWrite(hash: number): readonly Units[] {
    const { orders, byCustomer, undecided } = this.partitions;
    return [
      { partitions: orders, key: hash, units: units.order.table },
      { partitions: byCustomer, key: hash, units: units.order.byCustomer },
      { partitions: undecided, key: hash % UNDECIDED_KEYS, units: units.order.undecided },
    ];
  }

  reservationWrite(hash: number, skus: readonly number[]): readonly Units[] {
    const { inventory: partitions } = this.partitions;
    return [
      { partitions, key: hash, units: units.reservation },
      ...skus.map((key): Units => ({ partitions, key, units: units.product })),
    ];
  }

  /** Both writes of a notification go to one partition, one soon after the other. */
  notificationWrite(hash: number): readonly Units[] {
    const { notifications: partitions } = this.partitions;
    const { pending, sent } = units.notification;
    return [{ partitions, key: hash, units: pending + sent }];
  }
}
