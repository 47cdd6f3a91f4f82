import type { Evidence } from '@orderly/support/evidence';
import { type ReceivedEvent, withoutDuplicates } from '@orderly/support/subscriber';
import { type Finding, found } from '@orderly/support/verdict';
import { STAGE } from '../world/stack.ts';
import type { Subscriber } from '../world/subscriber.ts';
import type { World } from '../world/world.ts';

const nameOf = ({ type }: ReceivedEvent): string =>
  type
    .split('.')
    .slice(1, 3)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Whether another team got every event of its topics that it wants, in order where its queues keep one. */
export function subscriberFindings(
  { options, events }: Subscriber,
  all: readonly ReceivedEvent[],
  deadLettered: ReadonlySet<string>,
): Finding[] {
  const { name, topics, events: wanted } = options;
  const got = withoutDuplicates(events);
  const ids = new Set(got.map(({ id }) => id));
  const sources = new Set(topics.map((topic) => `orderly/${TOPIC_SOURCES[topic]}`));
  const due = withoutDuplicates(all).filter(
    (event) => sources.has(event.source) && (wanted === undefined || wanted.includes(nameOf(event))),
  );
  const known = new Set(due.map(({ id }) => id));
  return [
    ...due
      .filter(({ id }) => !ids.has(id))
      .map((event) => found('lost', `${name} has not got ${nameOf(event)} ${event.id}`)),
    ...got
      .filter(({ id }) => !known.has(id))
      .map((event) => found('doubled', `${name} got ${nameOf(event)} ${event.id}, which nobody else has`)),
    ...(name.endsWith('.fifo') ? orderFindings(options, got, deadLettered) : []),
  ];
}

const TOPIC_SOURCES: Readonly<Record<string, string>> = {
  'order-events': 'orders',
  'inventory-events': 'inventory',
  'notification-events': 'notifications',
};

function orderFindings(
  { name, topics }: Subscriber['options'],
  events: readonly ReceivedEvent[],
  deadLettered: ReadonlySet<string>,
): Finding[] {
  const newest = new Map<string, number>();
  return events.flatMap(({ subject, sequence }) => {
    if (topics.some((topic) => deadLettered.has(`${STAGE}-${topic}--${name} ${subject}`))) return [];
    const before = newest.get(subject) ?? 0;
    newest.set(subject, Math.max(before, sequence));
    return sequence < before
      ? [found('out of order', `${name}: ${subject} ${sequence} came after ${before}`)]
      : [];
  });
}

/** No customer reads of a cancellation before the confirmation. */
export function mailOrderFindings(
  { orders }: Evidence,
  { mail }: World,
  deadLettered: ReadonlySet<string>,
): Finding[] {
  const place = new Map<string, number>();
  for (const [at, id] of mail.taken.entries()) if (!place.has(id)) place.set(id, at);
  const at = (orderId: string, kind: string) => place.get(`<${orderId}.${kind}@orderly>`);
  return orders.flatMap(({ orderId }) => {
    const first = at(orderId, 'order-confirmed');
    const isLate = deadLettered.has(`${STAGE}-order-events--notifications.fifo ${orderId}`);
    if (first === undefined || isLate) return [];
    return ['order-cancelled', 'order-shipped']
      .filter((kind) => (at(orderId, kind) ?? first) < first)
      .map((kind) =>
        found('out of order', `Order ${orderId}: the customer read of ${kind} before order-confirmed`),
      );
  });
}

export const metricFindings = (evidence: Evidence, world: World, failedOrders: number): Finding[] => [
  ...(world.history.counts.has('kill') ? [] : publishedFindings(evidence, world)),
  ...placedFindings(evidence, world, failedOrders),
];

/** An order is counted by the request that writes it, unless that request failed after its write. */
function placedFindings({ orders }: Evidence, { log }: World, failed: number): Finding[] {
  const counted = log.metrics.get('orders OrdersPlaced') ?? 0;
  if (counted + failed >= orders.length) return [];
  const text = `${orders.length} orders were placed and ${failed} requests failed; OrdersPlaced says ${counted}`;
  return [found('inconsistent', text)];
}

/** Where nothing is killed, no line is lost: each event is counted once when it is published. */
function publishedFindings({ events }: Evidence, { log }: World): Finding[] {
  const published = new Map<string, number>();
  for (const { source } of withoutDuplicates(events)) {
    const service = source.replace('orderly/', '');
    published.set(service, (published.get(service) ?? 0) + 1);
  }
  return [...published].flatMap(([service, count]) => {
    const counted = log.metrics.get(`${service} EventsPublished`) ?? 0;
    const text = `${service} has published ${count} events, and its metric EventsPublished says ${counted}`;
    return counted < count ? [found('inconsistent', text)] : [];
  });
}

/** Every span has its parent, in its own trace: the trace of an order leads back to a request. What is killed logs none. */
export function traceFindings({ log, history }: World): Finding[] {
  const traces = new Map(log.spans.map(({ spanId, traceId }) => [spanId, traceId]));
  const mayMiss = history.counts.has('kill');
  return log.spans
    .filter(({ traceId, parentSpanId }) => {
      if (parentSpanId === undefined) return false;
      const trace = traces.get(parentSpanId);
      return trace === undefined ? !mayMiss : trace !== traceId;
    })
    .map(({ name, traceId }) =>
      found('inconsistent', `Trace ${traceId}: the parent of "${name}" is missing`),
    );
}

/** What a replay has brought: the newest event of each order, once. */
export function replayFindings({ orders }: Evidence, replayed: Subscriber): Finding[] {
  const newest = new Map(withoutDuplicates(replayed.events).map((event) => [event.subject, event]));
  return orders.flatMap(({ orderId, version, outbox }) => {
    const sequence = newest.get(orderId)?.sequence;
    if (outbox === undefined || sequence === version) return [];
    return [
      found('lost', `The replay brought version ${sequence} of the order ${orderId}, which has ${version}`),
    ];
  });
}
