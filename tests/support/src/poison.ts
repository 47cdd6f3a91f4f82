import { randomUUID } from 'node:crypto';
import type { Poison } from './evidence.ts';
import type { Queues } from './queues.ts';

export const poisonKinds = [
  'malformed JSON',
  'wrong types',
  'oversized',
  'future version',
  'behind poison',
  'unknown order',
] as const;

export interface GroupedPoison extends Poison {
  readonly kind: (typeof poisonKinds)[number];
  /** Those of one FIFO group are sent together, in order; without one it is a group of its own. */
  readonly group?: string;
  /** The type by which a broker selects that subscription, whatever the body says. */
  readonly type: string;
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
export function poison(run: string): readonly GroupedPoison[] {
  const subscriptions = [
    ['order-events--inventory', 'orderly.order.placed.v1'],
    ['order-events--notifications', 'orderly.order.confirmed.v1'],
    ['inventory-events--orders', 'orderly.stock.reserved.v1'],
  ] as const;
  const unknown = { orderId: randomUUID(), lines: [{ sku: `${run}-0`, quantity: 1 }] };
  const now = new Date().toISOString();
  return [
    ...subscriptions.flatMap(([subscription, type]): GroupedPoison[] => [
      {
        kind: 'malformed JSON',
        subscription,
        type,
        body: `{"run":"${run}","id":"${randomUUID()}","type":"${type}",`,
        ends: 'dead-lettered',
        group: `${run}-poisoned`,
      },
      {
        kind: 'behind poison',
        subscription,
        type,
        body: event({ type: type.replace('v1', 'v9'), data: { run } }),
        ends: 'mostly ignored',
        group: `${run}-poisoned`,
      },
      {
        kind: 'wrong types',
        subscription,
        type,
        body: event({ type, data: { run, orderId: 17 } }),
        ends: 'dead-lettered',
      },
      {
        kind: 'oversized',
        subscription,
        type,
        body: event({ type, data: { run, filler: 'x'.repeat(OVERSIZED) } }),
        ends: 'dead-lettered',
      },
      {
        kind: 'future version',
        subscription,
        type,
        body: event({ type: type.replace('v1', 'v9'), data: { run } }),
        ends: 'ignored',
      },
    ]),
    {
      kind: 'unknown order',
      subscription: 'inventory-events--orders',
      type: 'orderly.stock.reserved.v1',
      body: event({
        type: 'orderly.stock.reserved.v1',
        source: 'orderly/inventory',
        subject: unknown.orderId,
        data: { ...unknown, reservedAt: now },
      }),
      ends: 'dead-lettered',
    },
  ];
}

/** Sends it as a broken publisher would. */
export async function sendPoison(queues: Queues, poisons: readonly GroupedPoison[]): Promise<void> {
  const batches = new Map<string, string[]>();
  for (const { subscription, group = randomUUID(), body } of poisons) {
    const key = `${subscription} ${group}`;
    batches.set(key, [...(batches.get(key) ?? []), body]);
  }
  for (const [key, bodies] of batches) {
    const [subscription, group] = key.split(' ');
    await queues.send(await queues.url(`${subscription}.fifo`), bodies, group);
  }
}
