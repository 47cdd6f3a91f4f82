import type { Evidence, ProductItem } from '../evidence.ts';
import { groupBy } from '../group-by.ts';
import { type ReceivedEvent, withoutDuplicates } from '../subscriber.ts';
import { eventsOfNotification, eventsOfOrder, eventsOfReservation, nameOf } from './expected-events.ts';
import { type Finding, found } from './finding.ts';

export function eventFindings(evidence: Evidence): Finding[] {
  const { orders, reservations, notifications, products, before } = evidence;
  const once = withoutDuplicates(evidence.events);
  const bySubject = groupBy(once, ({ source, subject }) => `${source} ${subject}`);
  const expected: (readonly [key: string, names: readonly string[]])[] = [
    ...orders.map((order) => [`orderly/orders ${order.orderId}`, eventsOfOrder(order)] as const),
    ...[...reservations.values()].map(
      (each) => [`orderly/inventory ${each.orderId}`, eventsOfReservation(each)] as const,
    ),
    ...notifications.map(
      (each) => [`orderly/notifications ${each.notificationId}`, eventsOfNotification(each)] as const,
    ),
  ];
  return [
    ...expected.flatMap(([key, names]) => historyFindings(key, bySubject.get(key) ?? [], names)),
    ...[...bySubject].flatMap(([key, list]) => sequenceFindings(key, list)),
    ...products.flatMap((product) =>
      priceFindings(product, before.get(product.sku), bySubject.get(`orderly/inventory ${product.sku}`)),
    ),
    ...evidence.garbage.map((body) =>
      found('inconsistent', `The subscriber got a message that is no event: ${body}`),
    ),
  ];
}

/** Whether an aggregate published exactly what has happened to it. */
function historyFindings(key: string, list: readonly ReceivedEvent[], names: readonly string[]): Finding[] {
  const published = list.map(({ type }) => nameOf(type));
  const missing = names.filter((name) => !published.includes(name));
  const unexpected = published.filter((name, at) => !names.includes(name) || published.indexOf(name) !== at);
  return [
    ...missing.map((name) => found('lost', `${key}: ${name} was not published`)),
    ...unexpected.map((name) => found('doubled', `${key}: ${name} was published, and it must not be`)),
  ];
}

function sequenceFindings(key: string, list: readonly ReceivedEvent[]): Finding[] {
  return list.flatMap(({ sequence, type }, at) => {
    const before = list[at - 1]?.sequence ?? 0;
    if (sequence === before) return [found('doubled', `${key}: two events with the sequence ${sequence}`)];
    const text = `${key}: ${nameOf(type)} (${sequence}) came after ${before}`;
    return sequence < before ? [found('out of order', text)] : [];
  });
}

/** A price from before the run need not be published again. */
function priceFindings(
  { sku, price }: ProductItem,
  before: ProductItem | undefined,
  list: readonly ReceivedEvent[] = [],
): Finding[] {
  const last = list.at(-1);
  const published: unknown = last ? Object(JSON.parse(last.body)).data?.price : before?.price;
  if (published === price) return [];
  return [found('lost', `Product ${sku} costs ${price}; the last event says ${published}`)];
}

/** Every write sets the outbox anew or removes it: one that is older than its item would be published again. */
export function outboxFindings({ orders, reservations, products, notifications }: Evidence): Finding[] {
  const items = [...orders, ...reservations.values(), ...products, ...notifications];
  return items.flatMap(({ outbox, version }) =>
    (outbox?.events ?? []).flatMap(({ body }) => {
      const { type, subject, sequence } = JSON.parse(body) as ReceivedEvent;
      if (sequence === version) return [];
      const text = `${subject}: the outbox of version ${sequence} (${nameOf(type)}) is still there at ${version}`;
      return [found('doubled', text)];
    }),
  );
}

/** A subscription that was gone gets everything again from soon after its return, in order; what is older may come. */
export function subscriptionFindings({ events, returned }: Evidence): Finding[] {
  if (returned === undefined) return [];
  const since = ({ time }: ReceivedEvent) => time > returned.from;
  const got = withoutDuplicates(returned.events).filter(since);
  const ids = new Set(got.map(({ id }) => id));
  const missing = withoutDuplicates(events).filter(
    (event) => event.type.startsWith('orderly.order.') && since(event) && !ids.has(event.id),
  );
  return [
    ...missing.map(({ id, type }) =>
      found('lost', `The returned subscription has not got ${nameOf(type)} ${id}`),
    ),
    ...[...groupBy(got, ({ subject }) => subject)].flatMap(([subject, list]) =>
      sequenceFindings(`The returned subscription: ${subject}`, list),
    ),
  ];
}
