import type { CustomerId, OrderId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Order, OrderSummary, Outcome } from '../domain/order.ts';
import type { UndecidedOrder } from '../domain/stuck-orders.ts';

/** An order as it is stored: with its index key, the request it came from, and what its last change caused. */
interface OrderItem extends Order {
  readonly pk: string;
  readonly customerId: CustomerId;
  readonly requestHash: string;
  /** Only while it is PLACED: its partition of the index `undecided`. */
  readonly undecided: string | undefined;
  readonly outbox: Outbox;
}

export interface Insertion {
  readonly insertion: 'inserted' | 'repeated' | 'other-request';
  readonly order: Order;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<OrderItem>(env.TABLE_NAME);
const key = (orderId: OrderId) => ({ pk: `ORDER#${orderId}` });

/** How often a change is decided anew because somebody else was faster. */
const attempts = 5;

/**
 * Writes a new order.
 *
 * @param requestHash what the caller asked for
 * @returns `inserted`; or, with the order that stands under this id already, `repeated` when it came from the
 * same request and `other-request` when it did not
 */
export async function insertOrder(change: Change, requestHash: string): Promise<Insertion> {
  const written = await table.put(toItem(change, requestHash), absent);
  if (written.outcome === 'written' || written.current === undefined)
    return { insertion: 'inserted', order: change.order };
  return standing(written.current, requestHash);
}

/** What an earlier request has inserted under this id, if any. */
export async function findInsertion(orderId: OrderId, requestHash: string): Promise<Insertion | undefined> {
  const item = await table.get(key(orderId));
  return item && standing(item, requestHash);
}

function standing(item: OrderItem, requestHash: string): Insertion {
  const insertion = item.requestHash === requestHash ? 'repeated' : 'other-request';
  return { insertion, order: toOrder(item) };
}

export async function findOrder(orderId: OrderId): Promise<Order | undefined> {
  const item = await table.get(key(orderId));
  return item && toOrder(item);
}

/**
 * Moves an order by one verb of the domain. The write is guarded by the version that was read; when somebody
 * was faster, the verb decides again on what stands there now.
 *
 * @returns what the verb came to, or `undefined` for an order that does not exist
 * @throws TransactionConflictError when others were faster every time
 */
export async function changeOrder(
  orderId: OrderId,
  verb: (order: Order) => Outcome,
): Promise<Outcome | undefined> {
  let item = await table.get(key(orderId));
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (item === undefined) return undefined;
    const outcome = verb(toOrder(item));
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

/** The index `undecided` has so many partitions that none limits how many orders are placed in a second. */
const undecidedPartitions = [...'0123456789abcdef'];
const undecidedPartition = (orderId: OrderId) => orderId.slice(0, 1);

/**
 * The orders that are PLACED, from the sparse index that holds nothing else, read as far as they are asked for.
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

function toOrder({ pk, customerId, requestHash, undecided, outbox, ...order }: OrderItem): Order {
  return order;
}

function toSummary({ orderId, status, currency, total, placedAt }: OrderSummary): OrderSummary {
  return { orderId, status, currency, total, placedAt };
}
