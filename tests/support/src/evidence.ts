import { type DynamoDBClient, paginateScan, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Accepted } from './accepted.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { ReceivedEvent } from './subscriber.ts';
import type { Receiver } from './webhook-receivers.ts';

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Every item: its version, and the events of its last change until they need not be published again. */
interface Item {
  readonly outbox?: { readonly events: readonly { readonly body: string }[] };
  readonly version: number;
}

export interface OrderItem extends Item {
  readonly orderId: string;
  readonly status: 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';
  readonly lines: readonly Line[];
  readonly customerId: string;
  readonly placedAt: string;
  readonly confirmedAt?: string;
  readonly rejectedAt?: string;
  readonly cancelledAt?: string;
  readonly shippedAt?: string;
}

export interface ReservationItem extends Item {
  readonly orderId: string;
  readonly status: string;
  readonly lines: readonly Line[];
}

export interface ProductItem extends Item {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface NotificationItem extends Item {
  readonly orderId: string;
  readonly kind: string;
  readonly notificationId: string;
  readonly status: string;
}

/** The items that the tables hold of a run. */
export interface Items {
  readonly orders: readonly OrderItem[];
  /** The orders service's replica of the products. */
  readonly replica: ReadonlyMap<string, { readonly name: string; readonly price: number }>;
  readonly reservations: ReadonlyMap<string, ReservationItem>;
  readonly products: readonly ProductItem[];
  readonly notifications: readonly NotificationItem[];
}

/** A message that no service can process, and where it must end. */
export interface Poison {
  readonly kind: string;
  /** The subscription, without the stage: `order-events--inventory`. */
  readonly subscription: string;
  readonly body: string;
  /**
   * Whole in the subscription's dead-letter queue, or acknowledged because the reader does not want it. What is behind
   * poison is tried once, when the poison is given up, and so one of many may be dead-lettered, too.
   */
  readonly ends: 'dead-lettered' | 'ignored' | 'mostly ignored';
}

/** A registered receiver of webhooks: what it saw, and what the table has about it. */
export interface WebhookEvidence extends Receiver {
  readonly endpoint:
    | { readonly status: string; readonly disabledReason?: string; readonly disabledAt?: string }
    | undefined;
  readonly deliveries: readonly {
    readonly eventId: string;
    readonly status: string;
    readonly attempts: number;
  }[];
}

/** Everything that the verdict is built on: tables, queues, mailboxes, and what callers were promised. */
export interface Evidence extends Items {
  readonly accepted: Accepted;
  /** Products as they were before the run, by SKU; none where the run has products of its own. */
  readonly before: ReadonlyMap<string, ProductItem>;
  /** What an independent subscriber has received, duplicates too. */
  readonly events: readonly ReceivedEvent[];
  /** Messages of that subscriber that are no event. */
  readonly garbage: readonly string[];
  /** Message-IDs as the mail server took them; undefined where mails are only logged. */
  readonly mails: readonly string[] | undefined;
  /** Messages that were taken out of dead-letter queues. */
  readonly deadLetters: readonly Omit<DeadLetter, 'message'>[];
  /** Messages that have come to dead-letter queues and are left in there, by queue. */
  readonly deadLettersLeft: ReadonlyMap<string, number>;
  /** Messages in the platform's own subscriptions. */
  readonly waiting: number;
  readonly poison: readonly Poison[];
  /** The URL of a subscription that refuses every message. */
  readonly refusing?: string;
  /** The ids of the events that were published while it refused; all unless given. */
  readonly publishedWhileRefusing?: ReadonlySet<string>;
  /** A subscription that was deleted and created again. */
  readonly returned?: { readonly from: string; readonly events: readonly ReceivedEvent[] };
  /** Where the run has receivers of webhooks. */
  readonly webhooks?: readonly WebhookEvidence[];
}

async function scan(
  client: DynamoDBClient,
  TableName: string,
  part: Pick<ScanCommandInput, 'ProjectionExpression' | 'ExpressionAttributeNames'> = {},
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true, ...part }))
    items.push(...Items.map((item) => unmarshall(item)));
  return items;
}

/** What belongs to a run. */
export interface Scope {
  readonly isOrder: (order: OrderItem) => boolean;
  readonly isProduct: (sku: string) => boolean;
}

/** The items of a run, from the tables themselves. */
export async function readTables(dynamodb: DynamoDBClient, stage: string, scope: Scope): Promise<Items> {
  const [orders = [], inventory = [], notifications = []] = await Promise.all(
    ['orders', 'inventory', 'notifications'].map((name) => scan(dynamodb, `${stage}-${name}`)),
  );
  return itemsOf({ orders, inventory, notifications }, scope);
}

type Table = readonly Readonly<Record<string, unknown>>[];

/** What belongs to a run in the items of all tables. */
export function itemsOf(
  tables: Readonly<Record<'orders' | 'inventory' | 'notifications', Table>>,
  { isOrder, isProduct }: Scope,
): Items {
  // The services' items as their *-table.ts write them; the checks look at every field that they read.
  const kind = <Of>(table: Table, prefix: string): Of[] =>
    table.filter(({ pk }) => String(pk).startsWith(prefix)) as Of[];
  const ofRun = ({ sku }: ProductItem): boolean => isProduct(sku);

  const orders = kind<OrderItem>(tables.orders, 'ORDER#').filter(isOrder);
  const ids = new Set(orders.map(({ orderId }) => orderId));
  const about = ({ orderId }: { readonly orderId: string }): boolean => ids.has(orderId);
  const reservations = kind<ReservationItem>(tables.inventory, 'RESERVATION#').filter(about);
  const replica = kind<ProductItem>(tables.orders, 'PRODUCT#').filter(ofRun);
  return {
    orders,
    replica: new Map(replica.map((item) => [item.sku, item])),
    reservations: new Map(reservations.map((item) => [item.orderId, item])),
    products: kind<ProductItem>(tables.inventory, 'PRODUCT#').filter(ofRun),
    notifications: kind<NotificationItem>(tables.notifications, 'ORDER#').filter(about),
  };
}

/** What belongs to receivers in the table of webhooks, without the bodies of its many deliveries. */
export async function readWebhooks(
  dynamodb: DynamoDBClient,
  stage: string,
  receivers: readonly Receiver[],
): Promise<readonly WebhookEvidence[]> {
  if (receivers.length === 0) return [];
  const table = await scan(dynamodb, `${stage}-webhooks`, {
    ProjectionExpression: 'pk, sk, eventId, failures, disabledReason, disabledAt, #status',
    ExpressionAttributeNames: { '#status': 'status' },
  });
  return receivers.map((receiver) => {
    const { endpointId } = receiver;
    const endpoint = table.find(({ pk, sk }) => pk === 'ENDPOINTS' && sk === endpointId);
    const deliveries = table.filter(({ pk }) => pk === `ENDPOINT#${endpointId}`);
    return {
      ...receiver,
      endpoint: endpoint as WebhookEvidence['endpoint'],
      deliveries: deliveries.map(({ eventId, status, failures }) => ({
        ...{ eventId: String(eventId), status: String(status) },
        attempts: Number(failures) + (status === 'DELIVERED' ? 1 : 0),
      })),
    };
  });
}
