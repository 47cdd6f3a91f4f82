import type { CustomerId, OrderId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Order, OrderSummary, Outcome } from '../domain/order.ts';
import type { UndecidedOrder } from '../domain/stuck-orders.ts';

/** An order as it is stored: with its index keys, a hash of its request, and the events of its last change. */
export interface OrderItem extends Order {
  readonly pk: string;
  readonly customerId: CustomerId;
  readonly requestHash: string;
  /** Only while it is PLACED: its partition of the index `undecided`. */
  readonly undecided: string | undefined;
  /** Absent once the customer is erased. */
  readonly outbox?: Outbox;
  /** The outbox of an erased customer's order, without what identified them. */
  readonly published?: Outbox;
}

/** A new order, or the order that exists under its id: from the same request, or from another one. */
export interface Insertion {
  readonly outcome: 'inserted' | 'repeated' | 'other-request';
  readonly order: Order;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<OrderItem>(env.TABLE_NAME);
const key = (orderId: OrderId) => ({ pk: `ORDER#${orderId}` });

/** How often a change is tried again because somebody else was faster. */
const attempts = 5;

/** Writes a new order unless there is one under its id. */
export async function insertOrder(change: Change, requestHash: string): Promise<Insertion> {
  const written = await table.put(toItem(change, requestHash), absent);
  if (written.outcome === 'written' || written.current === undefined) {
    return { outcome: 'inserted', order: change.order };
  }
  return earlier(written.current, requestHash);
}

/** The order that an earlier request has inserted under this id, if any. */
export async function findInsertion(orderId: OrderId, requestHash: string): Promise<Insertion | undefined> {
  const item = await table.get(key(orderId));
  return item && earlier(item, requestHash);
}

function earlier(item: OrderItem, requestHash: string): Insertion {
  const outcome = item.requestHash === requestHash ? 'repeated' : 'other-request';
  return { outcome, order: toOrder(item) };
}

export async function findOrder(orderId: OrderId): Promise<Order | undefined> {
  const item = await table.get(key(orderId));
  return item && toOrder(item);
}

/**
 * Changes an order by one transition of the domain. The write is guarded by the version that was read; when somebody
 * was faster, the transition decides again on the order as it is now.
 *
 * @returns `undefined` for an order that does not exist
 * @throws TransactionConflictError when others were faster every time
 */
export async function changeOrder(
  orderId: OrderId,
  transition: (order: Order) => Outcome,
): Promise<Outcome | undefined> {
  let item = await table.get(key(orderId));
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (item === undefined) return undefined;
    const outcome = transition(toOrder(item));
    if (outcome.outcome !== 'changed') return outcome;
    const written = await table.put(toItem(outcome, item.requestHash), atVersion(item.version));
    if (written.outcome === 'written') return outcome;
    item = written.current;
  }
  throw new TransactionConflictError(`Order ${orderId} kept changing`);
}

/** A customer's orders, newest first. */
export async function listOrders(
  customerId: CustomerId,
  limit: number,
  after: Readonly<Record<string, string>> | undefined,
): Promise<Page<OrderSummary>> {
  const page = await queryPage<OrderItem>(env.TABLE_NAME, {
    index: 'by-customer',
    partition: ['customerId', customerId],
    descending: true,
    limit,
    after,
  });
  return { ...page, items: page.items.map(toSummary) };
}

/** The index `undecided` has several partitions, so that none limits how many orders are placed in a second. */
const undecidedPartitions = [...'0123456789abcdef'];
const undecidedPartition = (orderId: OrderId) => orderId.slice(0, 1);

/**
 * The orders that are PLACED, from the sparse index that holds nothing else; pages are read on demand.
 *
 * @returns for each partition of the index its orders, oldest first
 */
export function undecidedOrders(): readonly AsyncIterable<UndecidedOrder>[] {
  return undecidedPartitions.map(undecidedIn);
}

async function* undecidedIn(partition: string): AsyncGenerator<UndecidedOrder> {
  let after: Readonly<Record<string, string>> | undefined;
  do {
    const page: Page<UndecidedOrder> = await queryPage(env.TABLE_NAME, {
      index: 'undecided',
      partition: ['undecided', partition],
      limit: 100,
      after,
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

function toItem({ order, events }: Change, requestHash: string): OrderItem {
  return {
    ...order,
    pk: key(order.orderId).pk,
    customerId: order.customer.id,
    requestHash,
    undecided: order.status === 'PLACED' ? undecidedPartition(order.orderId) : undefined,
    outbox: outbox({ subject: order.orderId, sequence: order.version }, events),
  };
}

function toOrder({ pk, customerId, requestHash, undecided, outbox, published, ...order }: OrderItem): Order {
  return order;
}

function toSummary({ orderId, status, currency, total, placedAt }: OrderSummary): OrderSummary {
  return { orderId, status, currency, total, placedAt };
}
