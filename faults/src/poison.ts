import { randomUUID } from 'node:crypto';
import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export const poisonKinds = [
  'malformed JSON',
  'wrong types',
  'oversized',
  'future version',
  'unknown order',
] as const;

/** A message that no service can do anything with, and where it must end. */
export interface Poison {
  readonly kind: (typeof poisonKinds)[number];
  /** The subscription, without the stage: `order-events--inventory`. */
  readonly subscription: string;
  readonly body: string;
  /** Parked whole in the subscription's dead-letter queue, or acknowledged as none of the reader's business. */
  readonly ends: 'parked' | 'ignored';
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

/** Sends it as a broken publisher would; each is a FIFO group of its own. */
export async function sendPoison(sqs: SQSClient, stage: string, poisons: readonly Poison[]): Promise<void> {
  for (const { subscription, body } of poisons) {
    const QueueName = `${stage}-${subscription}.fifo`;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const id = randomUUID();
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId: id, MessageDeduplicationId: id }),
    );
  }
}
