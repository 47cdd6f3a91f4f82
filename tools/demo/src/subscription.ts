import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { fieldsOf } from './fields.ts';

const TOPICS = ['order-events', 'inventory-events', 'notification-events'] as const;

const DECIDED = new Set([
  'orderly.order.confirmed.v1',
  'orderly.order.rejected.v1',
  'orderly.order.cancelled.v1',
]);
const PRODUCT_UPSERTED = 'orderly.product.upserted.v1';

/** What the demo, a subscriber like any other team's service, has received. */
export interface Subscription {
  /** Events by type, each id once. */
  counts(): Record<string, number>;
  /** Messages that repeated an event already seen. */
  duplicates(): number;
  /** Whether an event of this type about this order or product has come. */
  has(type: string, subject: string): boolean;
  /** Whether an event has said that an order is confirmed, rejected or cancelled. */
  isDecided(orderId: string): boolean;
  /** How many orders events have decided. */
  decidedOrders(): number;
  /** Whether a ProductUpserted event has come for the SKU. */
  knowsProduct(sku: string): boolean;
  /** Messages that are no event; empty unless the platform broke its contract. */
  readonly garbage: readonly string[];
  /** Stops receiving and deletes the queues. */
  close(): Promise<void>;
}

/**
 * Subscribes to the three topics by owning a FIFO queue for each, `<stage>-<topic>--demo-<run>.fifo`, which the
 * publishers find by its name.
 *
 * @param run a short name of this run, unique among runs that overlap
 */
export const subscribe = async (sqs: SQSClient, stage: string, run: string): Promise<Subscription> => {
  const stop = new AbortController();
  const received = createLog();
  const urls: string[] = [];
  const close = async (): Promise<void> => {
    stop.abort();
    await Promise.all(drains);
    await Promise.allSettled(urls.map((QueueUrl) => sqs.send(new DeleteQueueCommand({ QueueUrl }))));
  };
  const drains: Promise<void>[] = [];
  try {
    for (const topic of TOPICS) {
      const url = await createQueue(sqs, `${stage}-${topic}--demo-${run}.fifo`);
      urls.push(url);
      drains.push(drain(sqs, url, received.take, stop.signal));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { ...received.view, close };
};

const createQueue = async (sqs: SQSClient, QueueName: string): Promise<string> => {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName,
      // High throughput FIFO, as the platform's own subscriptions.
      Attributes: {
        FifoQueue: 'true',
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      },
    }),
  );
  if (!QueueUrl) throw new Error(`SQS created the queue ${QueueName} without telling its URL`);
  return QueueUrl;
};

const drain = async (
  sqs: SQSClient,
  QueueUrl: string,
  take: (body: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
        { abortSignal: signal },
      );
      for (const message of Messages) take(message.Body ?? '');
      if (Messages.length > 0) await acknowledge(sqs, QueueUrl, Messages);
    } catch {
      // The queue service may be restarting; what it still holds is delivered again and counted once.
      if (!signal.aborted) await pause(250);
    }
  }
};

const acknowledge = async (sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> => {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
};

interface EventLog {
  readonly take: (body: string) => void;
  readonly view: Omit<Subscription, 'close'>;
}

/** Counts events by id; the same event twice counts once. */
export const createLog = (): EventLog => {
  const ids = new Set<string>();
  const subjects = new Map<string, Set<string>>();
  const decided = new Set<string>();
  const counts: Record<string, number> = {};
  const garbage: string[] = [];
  let duplicates = 0;
  const has = (type: string, subject: string): boolean => subjects.get(type)?.has(subject) ?? false;
  const take = (body: string): void => {
    const event = readEvent(body);
    if (!event) {
      garbage.push(body.slice(0, 200));
    } else if (ids.has(event.id)) {
      duplicates += 1;
    } else {
      ids.add(event.id);
      counts[event.type] = (counts[event.type] ?? 0) + 1;
      const known = subjects.get(event.type) ?? new Set();
      subjects.set(event.type, known.add(event.subject));
      if (DECIDED.has(event.type)) decided.add(event.subject);
    }
  };
  return {
    take,
    view: {
      counts: () => ({ ...counts }),
      duplicates: () => duplicates,
      has,
      isDecided: (orderId) => decided.has(orderId),
      decidedOrders: () => decided.size,
      knowsProduct: (sku) => has(PRODUCT_UPSERTED, sku),
      garbage,
    },
  };
};

const readEvent = (body: string): { id: string; type: string; subject: string } | undefined => {
  try {
    const event = fieldsOf(JSON.parse(body), 'An event');
    return { id: event.text('id'), type: event.text('type'), subject: event.text('subject') };
  } catch {
    return undefined;
  }
};
