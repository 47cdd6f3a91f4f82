import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DeadLetter } from './dead-letters.ts';
import type { Accepted } from './load.ts';
import type { Poison } from './poison.ts';
import type { ReceivedEvent } from './subscriber.ts';

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** What its item says was told with its last change. */
interface Told {
  readonly outbox?: { readonly events: readonly { readonly body: string }[] };
  readonly version: number;
}

export interface OrderItem extends Told {
  readonly orderId: string;
  readonly status: 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';
  readonly lines: readonly Line[];
  readonly customerId: string;
  readonly confirmedAt?: string;
  readonly rejectedAt?: string;
  readonly cancelledAt?: string;
  readonly shippedAt?: string;
}

export interface ReservationItem extends Told {
  readonly orderId: string;
  readonly status: string;
  readonly lines: readonly Line[];
}

export interface ProductItem extends Told {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface NotificationItem extends Told {
  readonly orderId: string;
  readonly kind: string;
  readonly notificationId: string;
  readonly status: string;
}

/** Everything that the verdict is built on: tables, queues, mailboxes, and what callers were promised. */
export interface Evidence {
  readonly accepted: Accepted;
  readonly orders: readonly OrderItem[];
  /** Orders' replica of the products. */
  readonly replica: ReadonlyMap<string, { readonly name: string; readonly price: number }>;
  readonly reservations: ReadonlyMap<string, ReservationItem>;
  readonly products: readonly ProductItem[];
  readonly notifications: readonly NotificationItem[];
  /** What an independent subscriber has got, duplicates too. */
  readonly events: readonly ReceivedEvent[];
  /** Message-IDs as the mail server took them. */
  readonly mails: readonly string[];
  readonly deadLetters: readonly DeadLetter[];
  readonly poison: readonly Poison[];
  /** The URL of a subscription that refuses every message. */
  readonly refusing: string;
  /** A subscription that was deleted and created again. */
  readonly returned: { readonly from: string; readonly events: readonly ReceivedEvent[] };
  /** Messages in the platform's own subscriptions. */
  readonly waiting: number;
}

async function scan(client: DynamoDBClient, TableName: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items.map((item) => unmarshall(item)));
  return items;
}

/** The items of a run, from the tables themselves. */
export async function readTables(dynamodb: DynamoDBClient, stage: string, run: string) {
  const [orderTable, inventoryTable, notificationTable] = await Promise.all(
    ['orders', 'inventory', 'notifications'].map((name) => scan(dynamodb, `${stage}-${name}`)),
  );
  // The services' items as their *-table.ts write them; the verdict looks at every field that it reads.
  const kind = <Item>(table: typeof orderTable, prefix: string): Item[] =>
    (table ?? []).filter(({ pk }) => String(pk).startsWith(prefix)) as Item[];
  const ofRun = ({ sku }: { readonly sku: string }): boolean => sku.startsWith(`${run}-`);

  const orders = kind<OrderItem>(orderTable, 'ORDER#').filter(({ customerId }) =>
    customerId.startsWith(`${run}-`),
  );
  const ids = new Set(orders.map(({ orderId }) => orderId));
  const about = ({ orderId }: { readonly orderId: string }): boolean => ids.has(orderId);
  const reservations = kind<ReservationItem>(inventoryTable, 'RESERVATION#').filter(about);
  return {
    orders,
    replica: new Map(
      kind<ProductItem>(orderTable, 'PRODUCT#')
        .filter(ofRun)
        .map((item) => [item.sku, item]),
    ),
    reservations: new Map(reservations.map((item) => [item.orderId, item])),
    products: kind<ProductItem>(inventoryTable, 'PRODUCT#').filter(ofRun),
    notifications: kind<NotificationItem>(notificationTable, 'ORDER#').filter(about),
  };
}
