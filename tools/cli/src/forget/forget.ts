import { randomUUID } from 'node:crypto';
import type { Topic } from '@orderly/contracts';
import { listQueues } from '@orderly/functions/messaging/subscriptions';
import { listDeadLetterQueues } from '../dead-letters/dead-letter-queue.ts';
import { depthOf, totalOf } from '../queues/depth.ts';
import { nameOf } from '../queues/queue-name.ts';
import type { Session } from '../session.ts';
import { type ErasedLetters, eraseLetters } from './dead-letters.ts';
import { type Eraser, eraserOf, isAddress } from './eraser.ts';
import { eraseNotifications } from './notifications.ts';
import { addressesIn, type CustomerOrder, eraseOrder, identifies, isFinal, ordersOf } from './orders.ts';

/** What was erased of a customer, and what was not. */
export interface Forgotten {
  readonly customerId: string;
  /** Orders that the customer has. */
  readonly orders: number;
  /** Ids of those that were erased. */
  readonly erased: readonly string[];
  /** Ids of those that go on: their customer still has to be reached. */
  readonly open: readonly string[];
  readonly notifications: number;
  /** Orders and notifications that have changed meanwhile and are as they were. */
  readonly changed: number;
  readonly deadLetters: readonly ErasedLetters[];
  /** Subscriptions in which messages wait for their consumers, who may get the address from them. */
  readonly waiting: readonly { readonly queue: string; readonly messages: number }[];
}

/** The one whose events name customers. */
const topic: Topic = 'order-events';

/**
 * Erases what identifies a customer from their final orders, what they were told, and dead letters. Orders come last:
 * they hold the addresses by which the rest is found, so that what was cut off can be repeated. With `--dry-run` it
 * only says what there is.
 */
export async function forget(session: Session, customerId: string): Promise<Forgotten> {
  const { clients, stage } = session;
  const orders = await ordersOf(clients.dynamodb, `${stage}-orders`, customerId);
  const final = orders.filter(isFinal);
  const open = orders.filter((order) => !isFinal(order)).map(({ orderId }) => orderId);
  const erase = eraserOf({
    customerId,
    pseudonym: isAddress(customerId) ? `forgotten-${randomUUID()}` : customerId,
    addresses: new Set(orders.flatMap(addressesIn)),
    open: new Set(open),
  });
  const orderIds = new Set(final.map(({ orderId }) => orderId));
  // Positions of a stream are all that is in its queue.
  const queues = (await listDeadLetterQueues(clients.sqs, stage)).filter(({ kind }) => kind !== 'stream');
  const deadLetters = await Promise.all(queues.map((queue) => eraseLetters(session, queue, orderIds, erase)));
  const inTables = await eraseInTables(session, final, erase);
  return {
    customerId,
    orders: orders.length,
    open,
    ...inTables,
    deadLetters: deadLetters.filter(concerns),
    waiting: await waitingMessages(session),
  };
}

const concerns = ({ erased, unsent, notRemoved, held }: ErasedLetters): boolean =>
  erased + unsent.length + notRemoved + held > 0;

async function eraseInTables(
  { clients: { dynamodb }, stage, signal, dryRun, progress }: Session,
  orders: readonly CustomerOrder[],
  erase: Eraser,
): Promise<Pick<Forgotten, 'erased' | 'notifications' | 'changed'>> {
  const erased: string[] = [];
  let [notifications, changed] = [0, 0];
  const bar = progress('orders', orders.length);
  for (const [index, order] of orders.entries()) {
    if (signal.aborted) break;
    const told = await eraseNotifications(dynamodb, `${stage}-notifications`, order.orderId, erase, dryRun);
    notifications += told.found - told.changed;
    changed += told.changed;
    if (identifies(order)) {
      const written = dryRun || (await eraseOrder(dynamodb, `${stage}-orders`, order, erase));
      if (written) erased.push(order.orderId);
      else changed++;
    }
    bar.update(index + 1);
  }
  bar.stop();
  return { erased, notifications, changed };
}

/** They are their consumers' to take: what is received here would be held back from them. */
async function waitingMessages({ clients: { sqs }, stage }: Session): Promise<Forgotten['waiting']> {
  const urls = await listQueues(sqs, `${stage}-${topic}--`);
  const depths = await Promise.all(
    urls.map(async (url) => ({ queue: nameOf(url), depth: await depthOf(sqs, url) })),
  );
  return depths
    .map(({ queue, depth }) => ({ queue, messages: depth === undefined ? 0 : totalOf(depth) }))
    .filter(({ messages }) => messages > 0);
}
