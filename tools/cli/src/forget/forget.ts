import { randomUUID } from 'node:crypto';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { CustomerId, type Topic } from '@orderly/contracts';
import { listQueues } from '@orderly/functions/aws/publishing/subscriptions';
import { customerNotifications } from '@orderly/notifications/customer-data';
import { type CustomerOrder, customerOrders, type Erasure } from '@orderly/orders/customer-data';
import { customerDeliveries } from '@orderly/webhooks/customer-data';
import * as v from 'valibot';
import { listDeadLetterQueues } from '../dead-letters/dead-letter-queue.ts';
import { depthOf, totalOf } from '../queues/depth.ts';
import { nameOf } from '../queues/queue-name.ts';
import type { Session } from '../session.ts';
import { type ErasedLetters, eraseLetters } from './dead-letters.ts';
import { eraserOf, isAddress } from './eraser.ts';

/** What was erased of a customer, and what was not. */
export interface ErasedCustomer {
  readonly customerId: string;
  /** Orders that the customer has. */
  readonly orders: number;
  /** Ids of those that were erased. */
  readonly erased: readonly string[];
  /** Ids of those that can still change: their customer still has to be reached. */
  readonly open: readonly string[];
  readonly notifications: number;
  /** Deliveries to other teams' endpoints. */
  readonly deliveries: number;
  /** Orders, notifications and deliveries that changed meanwhile, and were left. */
  readonly changed: number;
  readonly deadLetters: readonly ErasedLetters[];
  /** Subscriptions in which messages wait for their consumers, perhaps with the address. */
  readonly waiting: readonly { readonly queue: string; readonly messages: number }[];
}

/** The topic whose events name customers. */
const topic: Topic = 'order-events';

/**
 * Has the services erase what identifies a customer from their final orders, and from the notifications and deliveries
 * about these, and erases it from dead letters. Orders come last: they hold the addresses by which the rest is found, so that an interrupted run
 * can be repeated. With `--dry-run` it only counts.
 */
export async function forget(session: Session, customerId: string): Promise<ErasedCustomer> {
  const { clients, stage } = session;
  const orders = await customerOrders(clients.dynamodb, `${stage}-orders`).find(customerId);
  const final = orders.filter(({ isFinal }) => isFinal);
  const open = orders.filter(({ isFinal }) => !isFinal).map(({ orderId }) => orderId);
  const pseudonym = isAddress(customerId) ? v.parse(CustomerId, `forgotten-${randomUUID()}`) : undefined;
  const eraseText = eraserOf({
    customerId,
    pseudonym: pseudonym ?? customerId,
    addresses: new Set(orders.flatMap(({ addresses }) => addresses)),
    open: new Set(open),
  });
  const orderIds = new Set<string>(final.map(({ orderId }) => orderId));
  // Positions of a stream are all that is in its queue.
  const queues = (await listDeadLetterQueues(clients.sqs, stage)).filter(({ kind }) => kind !== 'stream');
  const deadLetters = await Promise.all(
    queues.map((queue) => eraseLetters(session, queue, orderIds, eraseText)),
  );
  const posted = await eraseDeliveries(session, orderIds, eraseText);
  const inTables = await eraseInTables(session, final, { eraseText, ...(pseudonym && { pseudonym }) });
  return {
    customerId,
    orders: orders.length,
    open,
    ...inTables,
    deliveries: posted.found - posted.changed,
    changed: inTables.changed + posted.changed,
    deadLetters: deadLetters.filter(concerns),
    waiting: await waitingMessages(session),
  };
}

const concerns = ({ erased, unsent, notRemoved, held }: ErasedLetters): boolean =>
  erased + unsent.length + notRemoved + held > 0;

/** None where the stage has no webhooks service. */
async function eraseDeliveries(
  { clients: { dynamodb }, stage, signal, dryRun }: Session,
  orderIds: ReadonlySet<string>,
  eraseText: Erasure['eraseText'],
): Promise<{ readonly found: number; readonly changed: number }> {
  try {
    const deliveries = customerDeliveries(dynamodb, `${stage}-webhooks`);
    return await deliveries.erase(orderIds, eraseText, { dryRun, signal });
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { found: 0, changed: 0 };
    throw error;
  }
}

async function eraseInTables(
  { clients: { dynamodb }, stage, signal, dryRun, progress }: Session,
  final: readonly CustomerOrder[],
  erasure: Erasure,
): Promise<Pick<ErasedCustomer, 'erased' | 'notifications' | 'changed'>> {
  const erased: string[] = [];
  let [notifications, changed] = [0, 0];
  const ofOrders = customerOrders(dynamodb, `${stage}-orders`);
  const ofNotifications = customerNotifications(dynamodb, `${stage}-notifications`);
  const bar = progress('orders', final.length);
  for (const [index, order] of final.entries()) {
    if (signal.aborted) break;
    const about = await ofNotifications.erase(order.orderId, erasure.eraseText, dryRun);
    notifications += about.found - about.changed;
    changed += about.changed;
    if (order.isIdentifying) {
      const written = dryRun || (await ofOrders.erase(order, erasure));
      if (written) erased.push(order.orderId);
      else changed++;
    }
    bar.update(index + 1);
  }
  bar.stop();
  return { erased, notifications, changed };
}

/** Only counted: a message that is received here would be held back from its consumer. */
async function waitingMessages({ clients: { sqs }, stage }: Session): Promise<ErasedCustomer['waiting']> {
  const urls = await listQueues(sqs, `${stage}-${topic}--`);
  const depths = await Promise.all(
    urls.map(async (url) => ({ queue: nameOf(url), depth: await depthOf(sqs, url) })),
  );
  return depths
    .map(({ queue, depth }) => ({ queue, messages: depth === undefined ? 0 : totalOf(depth) }))
    .filter(({ messages }) => messages > 0);
}
