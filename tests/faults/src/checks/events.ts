import type { Evidence } from '../evidence.ts';
import type { ReceivedEvent } from '../subscriber.ts';
import { type Finding, found } from './finding.ts';
import { nameOf, toldByNotification, toldByOrder, toldByReservation } from './history.ts';

/** The first time each event came; what came again is no finding. */
export function withoutDuplicates(events: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  const seen = new Map<string, ReceivedEvent>();
  for (const event of events) if (!seen.has(event.id)) seen.set(event.id, event);
  return [...seen.values()];
}

export function eventFindings({
  events,
  orders,
  reservations,
  products,
  notifications,
}: Evidence): Finding[] {
  const once = withoutDuplicates(events);
  const bySubject = new Map<string, ReceivedEvent[]>();
  for (const event of once) {
    const key = `${event.source} ${event.subject}`;
    const list = bySubject.get(key);
    if (list) list.push(event);
    else bySubject.set(key, [event]);
  }
  const expected: (readonly [key: string, told: readonly string[]])[] = [
    ...orders.map((order) => [`orderly/orders ${order.orderId}`, toldByOrder(order)] as const),
    ...[...reservations.values()].map(
      (each) => [`orderly/inventory ${each.orderId}`, toldByReservation(each)] as const,
    ),
    ...notifications.map(
      (each) => [`orderly/notifications ${each.notificationId}`, toldByNotification(each)] as const,
    ),
  ];
  return [
    ...expected.flatMap(([key, told]) => storyFindings(key, bySubject.get(key) ?? [], told)),
    ...[...bySubject].flatMap(([key, list]) => sequenceFindings(key, list)),
    ...products.flatMap((product) =>
      priceFindings(product, bySubject.get(`orderly/inventory ${product.sku}`)),
    ),
  ];
}

/** Whether an aggregate told exactly what has happened to it. */
function storyFindings(key: string, list: readonly ReceivedEvent[], told: readonly string[]): Finding[] {
  const names = list.map(({ type }) => nameOf(type));
  const missing = told.filter((name) => !names.includes(name));
  const unexpected = names.filter((name, at) => !told.includes(name) || names.indexOf(name) !== at);
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

function priceFindings(
  { sku, price }: { readonly sku: string; readonly price: number },
  list: readonly ReceivedEvent[] = [],
): Finding[] {
  const last = list.at(-1);
  const told: unknown = last && Object(JSON.parse(last.body)).data?.price;
  return told === price ? [] : [found('lost', `Product ${sku} costs ${price}; the last event says ${told}`)];
}

/** Every write sets the outbox anew or removes it: one that is older than its item would be told again. */
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
  const since = ({ time }: ReceivedEvent) => time > returned.from;
  const got = withoutDuplicates(returned.events).filter(since);
  const ids = new Set(got.map(({ id }) => id));
  const due = withoutDuplicates(events).filter(
    (event) => event.type.startsWith('orderly.order.') && since(event),
  );
  const bySubject = new Map<string, ReceivedEvent[]>();
  for (const event of got) bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event]);
  return [
    ...due
      .filter(({ id }) => !ids.has(id))
      .map(({ id, type }) => found('lost', `The returned subscription has not got ${nameOf(type)} ${id}`)),
    ...[...bySubject].flatMap(([subject, list]) =>
      sequenceFindings(`The returned subscription: ${subject}`, list),
    ),
  ];
}
