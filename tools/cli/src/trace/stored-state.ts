import { Currency, describeIssues, parse, type Schema } from '@orderly/contracts';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { withLastEvents } from '../tables/last-events.ts';
import type { Item, ReadPage } from '../tables/stage-table.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const outbox = v.exactOptional(v.object({ events: v.array(v.object({ body: v.string() })) }));

/** What is read of the items of each service (services/<name>/src/*-table.ts); the rest is of no interest here. */
const orderSchema = v.object({
  status: v.picklist(['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED']),
  version: v.number(),
  customer: v.object({ id: v.string(), email: v.string() }),
  currency: Currency,
  total: v.number(),
  lines: v.array(v.object({ sku: v.string(), quantity: v.number() })),
  placedAt: time,
  confirmedAt: v.exactOptional(time),
  rejectedAt: v.exactOptional(time),
  cancelledAt: v.exactOptional(time),
  shippedAt: v.exactOptional(time),
  outbox,
});

const reservationSchema = v.object({
  status: v.string(),
  version: v.number(),
  lines: v.array(v.unknown()),
  shortages: v.exactOptional(
    v.array(v.object({ sku: v.string(), requested: v.number(), available: v.number() })),
  ),
  updatedAt: time,
  outbox,
});

const notificationSchema = v.object({
  kind: v.string(),
  status: v.picklist(['PENDING', 'SENT', 'FAILED']),
  channel: v.string(),
  attempts: v.number(),
  createdAt: time,
  sentAt: v.exactOptional(time),
  failedAt: v.exactOptional(time),
  reason: v.exactOptional(v.string()),
  outbox,
});

export type StoredOrder = Readonly<v.InferOutput<typeof orderSchema>>;
export type StoredReservation = Readonly<v.InferOutput<typeof reservationSchema>>;
export type StoredNotification = Readonly<v.InferOutput<typeof notificationSchema>>;

/** What the three tables hold of one order. An order can be missing whose reservation is there, and the reverse. */
export interface StoredState {
  readonly order?: StoredOrder;
  readonly reservation?: StoredReservation;
  readonly notifications: readonly StoredNotification[];
}

/** More notifications of one order than there are kinds of them. */
const LIMIT = 100;

/**
 * Reads what each service holds of an order.
 *
 * @throws Failure when none of them knows it, or an item is not as the services write it
 */
export async function readState(
  { stage, read: readPage }: { readonly stage: string; readonly read: ReadPage },
  orderId: string,
): Promise<StoredState> {
  const read = async (service: string, partition: string): Promise<readonly Item[]> => {
    const request = { table: `${stage}-${service}`, partition, after: undefined, limit: LIMIT };
    return (await readPage(request)).items;
  };
  const [[order], [reservation], notifications] = await Promise.all([
    read('orders', `ORDER#${orderId}`),
    read('inventory', `RESERVATION#${orderId}`),
    read('notifications', `ORDER#${orderId}`),
  ]);
  if (order === undefined && reservation === undefined && notifications.length === 0) {
    throw new Failure(
      `Stage ${stage} has no order ${orderId}, in none of its three tables. Is it the right stage?`,
    );
  }
  return {
    ...(order !== undefined && { order: checked(orderSchema, order) }),
    ...(reservation !== undefined && { reservation: checked(reservationSchema, reservation) }),
    notifications: notifications.map((item) => checked(notificationSchema, item)),
  };
}

function checked<T>(schema: Schema<T>, item: Item): T {
  const read = parse(schema, withLastEvents(item));
  if (read.outcome === 'valid') return read.value;

  throw new Failure(
    `The item ${String(item.pk)} is not as its service writes it: ${describeIssues(read.issues)}`,
  );
}
