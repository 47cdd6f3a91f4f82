import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

export const poisonKinds = [
  'malformed JSON',
  'wrong types',
  'oversized',
  'future version',
  'behind poison',
  'unknown order',
] as const;

/** A message that no service can do anything with, and where it must end. */
export interface Poison {
  readonly kind: (typeof poisonKinds)[number];
  /** The subscription, without the stage: `order-events--inventory`. */
  readonly subscription: string;
  readonly body: string;
  /**
   * Parked whole in the subscription's dead-letter queue, or acknowledged as none of the reader's business. What is
   * behind poison is tried once, when the poison is given up, and so one of many may be parked, too.
   */
  readonly ends: 'parked' | 'ignored' | 'mostly ignored';
  /** Those of one FIFO group are sent together, in order; without one it is a group of its own. */
  readonly group?: string;
}

const event = (more: object): string =>
  JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: 'orderly/orders',
    subject: 'poison',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: 'urn:poison',
    sequence: 1,
    correlationid: 'poison',
    causationid: 'poison',
    ...more,
  });

/** SQS takes 1 MiB; this is as large as a message of ours may get, and makes no sense. */
const OVERSIZED = 250_000;

/** One of each kind for each of the three consumers. */
export function poison(run: string): readonly Poison[] {
  const subscriptions = [
    ['order-events--inventory', 'orderly.order.placed.v1'],
    ['order-events--notifications', 'orderly.order.confirmed.v1'],
    ['inventory-events--orders', 'orderly.stock.reserved.v1'],
  ] as const;
  const unknown = { orderId: randomUUID(), lines: [{ sku: `${run}-0`, quantity: 1 }] };
  const now = new Date().toISOString();
  return [
    ...subscriptions.flatMap(([subscription, type]): Poison[] => [
      {
        kind: 'malformed JSON',
        subscription,
        body: `{"run":"${run}","id":"${randomUUID()}","type":"${type}",`,
        ends: 'parked',
        group: `${run}-poisoned`,
      },
      {
        kind: 'behind poison',
        subscription,
        body: event({ type: type.replace('v1', 'v9'), data: { run } }),
        ends: 'mostly ignored',
        group: `${run}-poisoned`,
      },
      {
        kind: 'wrong types',
        subscription,
        body: event({ type, data: { run, orderId: 17 } }),
        ends: 'parked',
      },
      {
        kind: 'oversized',
        subscription,
        body: event({ type, data: { run, filler: 'x'.repeat(OVERSIZED) } }),
        ends: 'parked',
      },
      {
        kind: 'future version',
        subscription,
        body: event({ type: type.replace('v1', 'v9'), data: { run } }),
        ends: 'ignored',
      },
    ]),
    {
      kind: 'unknown order',
      subscription: 'inventory-events--orders',
      body: event({
        type: 'orderly.stock.reserved.v1',
        source: 'orderly/inventory',
        subject: unknown.orderId,
        data: { ...unknown, reservedAt: now },
      }),
      ends: 'parked',
    },
  ];
}

/** Sends it as a broken publisher would. */
export async function sendPoison(sqs: SQSClient, stage: string, poisons: readonly Poison[]): Promise<void> {
  const batches = new Map<string, Poison[]>();
  for (const poison of poisons) {
    const key = `${poison.subscription} ${poison.group ?? randomUUID()}`;
    batches.set(key, [...(batches.get(key) ?? []), poison]);
  }
  for (const [key, batch] of batches) {
    const [subscription, group] = key.split(' ');
    const { QueueUrl } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: `${stage}-${subscription}.fifo` }),
    );
    const Entries = batch.map(({ body }, n) => ({
      Id: `${n}`,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: randomUUID(),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}
