import { randomUUID } from 'node:crypto';
import type { RecordedCall } from './recorded-order.ts';
import { Template } from './template.ts';

/** A request that is made for each order, with the order's own ids and product in it. */
export interface PlannedCall {
  readonly operation: string;
  readonly body: Template;
}

/** The first is the order's id. */
export type OrderValues = readonly [orderId: string, sku: string, ...ids: string[]];

/** What the platform asks of DynamoDB and SQS for one order, from its request to its notification. */
export interface CallPlan {
  /** The values by which an order's calls differ from another's: its id, its product, other ids. */
  valuesOf(sku: string): OrderValues;
  /** When the order is placed. */
  readonly place: readonly PlannedCall[];
  /** By the event's type: what is asked for when a consumer has received it. */
  readonly consume: ReadonlyMap<string, readonly PlannedCall[]>;
  /** By the event's type: the URLs of the queues to which it is sent. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;

interface Send {
  readonly QueueUrl: string;
  readonly Entries: readonly { readonly MessageBody: string }[];
}

/**
 * Makes a plan of one order's calls, which alternate between writing a change and sending its event.
 *
 * @param sku the recorded order's only product
 * @throws Error when the calls are no such order's
 */
export function planOf(orderId: string, sku: string, calls: readonly RecordedCall[]): CallPlan {
  const own = [...new Set([orderId, sku, ...calls.flatMap(({ body }) => body.match(uuid) ?? [])])];
  const targets = new Map<string, string[]>();
  const steps: PlannedCall[][] = [[]];
  const events: string[] = [];
  for (const { operation, body } of calls) {
    if (operation !== 'SendMessageBatch') {
      steps.at(-1)?.push({ operation, body: new Template(body, own) });
      continue;
    }
    const { type, url } = sentEvent(body);
    if (events.at(-1) !== type) {
      events.push(type);
      steps.push([]);
    }
    targets.set(type, [...(targets.get(type) ?? []), url]);
  }
  const [place = [], ...consume] = steps;
  const isWhole = new Set(events).size === events.length && events.length > 1 && consume.at(-1)?.length === 0;
  if (!isWhole) throw new Error(`These are not the calls of one order: ${events.join(', ')}`);
  return {
    valuesOf: (product) => [randomUUID(), product, ...own.slice(2).map(() => randomUUID())],
    place,
    consume: new Map(events.map((type, n) => [type, consume[n] ?? []])),
    targets,
  };
}

function sentEvent(body: string): { readonly type: string; readonly url: string } {
  const { QueueUrl, Entries } = JSON.parse(body) as Send;
  const [entry] = Entries;
  if (entry === undefined || Entries.length > 1)
    throw new Error('An order alone has one event sent at a time');
  const { type } = JSON.parse(entry.MessageBody) as { readonly type: string };
  return { type, url: QueueUrl };
}
