import type { Evidence, Line, NotificationItem, OrderItem, ReservationItem } from './evidence.ts';
import type { ReceivedEvent } from './subscriber.ts';

/** What a broken promise is counted as. */
export type Harm = 'lost' | 'doubled' | 'oversold' | 'inconsistent' | 'out of order';

export interface Finding {
  readonly harm: Harm;
  /** One sentence that names what it is about. */
  readonly text: string;
}

/** Checks every promise against the evidence; a run is good when it finds nothing. Pure. */
export function verdictOn(evidence: Evidence): readonly Finding[] {
  return [
    ...orderFindings(evidence),
    ...stockFindings(evidence),
    ...productFindings(evidence),
    ...eventFindings(evidence),
    ...outboxFindings(evidence),
    ...notificationFindings(evidence),
    ...deadLetterFindings(evidence),
    ...subscriptionFindings(evidence),
  ];
}

/** A flash sale sells every piece, once: nothing of it came back, and so nobody was refused too early. */
export function soldOut({ orders }: Evidence, pieces: number): readonly Finding[] {
  const sold = orders.filter(({ status }) => status === 'CONFIRMED').length;
  if (sold === pieces) return [];
  const text = `${sold} of ${pieces} pieces were sold`;
  return [sold > pieces ? found('oversold', text) : found('lost', text)];
}

const found = (harm: Harm, text: string): Finding => ({ harm, text });

/** The reservations that fit an order's status; a cancelled one may have been rejected or never heard of. */
const fitting: Readonly<Record<OrderItem['status'], readonly string[]>> = {
  PLACED: [],
  CONFIRMED: ['RESERVED'],
  REJECTED: ['REJECTED'],
  CANCELLED: ['RELEASED', 'REJECTED'],
  SHIPPED: ['SHIPPED'],
};

function orderFindings({ accepted, orders, reservations }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const stored = new Map(orders.map((order) => [order.orderId, order]));
  for (const [orderId, promise] of accepted.orders) {
    const order = stored.get(orderId);
    if (order === undefined) {
      findings.push(found('lost', `Order ${orderId} was accepted and is not there`));
      continue;
    }
    if (order.status === 'PLACED') findings.push(found('lost', `Order ${orderId} is PLACED for ever`));
    if (promise.cancelled && order.status !== 'CANCELLED')
      findings.push(
        found('lost', `Order ${orderId}: its cancellation was accepted, and it is ${order.status}`),
      );
    if (promise.shipped && order.status !== 'SHIPPED')
      findings.push(found('lost', `Order ${orderId}: its shipment was accepted, and it is ${order.status}`));
  }
  for (const { orderId, status } of orders) {
    if (!accepted.orders.has(orderId))
      findings.push(found('doubled', `Order ${orderId} is there, and nobody was told so`));
    const reservation = reservations.get(orderId)?.status ?? 'none';
    if (status !== 'PLACED' && !fitting[status].includes(reservation))
      findings.push(found('inconsistent', `Order ${orderId} is ${status}, its reservation ${reservation}`));
  }
  return findings;
}

/** Pieces by SKU. */
function pieces(lists: Iterable<readonly Line[]>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const lines of lists)
    for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

const linesOf = (reservations: Iterable<ReservationItem>, status: string): (readonly Line[])[] =>
  [...reservations].filter((each) => each.status === status).map(({ lines }) => lines);

function stockFindings({ accepted, products, reservations }: Evidence): Finding[] {
  const held = pieces(linesOf(reservations.values(), 'RESERVED'));
  const gone = pieces(linesOf(reservations.values(), 'SHIPPED'));
  return products.flatMap(({ sku, onHand, reserved, available }) => {
    const levels = `onHand ${onHand}, reserved ${reserved}, available ${available}`;
    const findings: Finding[] = [];
    if (Math.min(onHand, reserved, available) < 0)
      findings.push(found('oversold', `Product ${sku} is below zero: ${levels}`));
    if (onHand !== reserved + available)
      findings.push(found('inconsistent', `Product ${sku}: onHand is not reserved + available: ${levels}`));
    if (reserved !== (held.get(sku) ?? 0))
      findings.push(
        found('inconsistent', `Product ${sku}: reservations hold ${held.get(sku) ?? 0}, but ${levels}`),
      );
    const left = (accepted.stock.get(sku) ?? 0) - (gone.get(sku) ?? 0);
    if (onHand !== left)
      findings.push(
        found('inconsistent', `Product ${sku}: ${left} were put in and not shipped, but ${levels}`),
      );
    return findings;
  });
}

function productFindings({ accepted, products, replica }: Evidence): Finding[] {
  const stored = new Map(products.map((product) => [product.sku, product]));
  return [...accepted.products.keys()].flatMap((sku) => {
    const product = stored.get(sku);
    if (product === undefined) return [found('lost', `Product ${sku} was accepted and is not there`)];
    const copy = replica.get(sku);
    const same = copy?.name === product.name && copy.price === product.price;
    return same ? [] : [found('lost', `Product ${sku} costs ${product.price}; orders knows ${copy?.price}`)];
  });
}

/** The first time each event came; what came again is no finding. */
export function withoutDuplicates(events: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  const seen = new Map<string, ReceivedEvent>();
  for (const event of events) if (!seen.has(event.id)) seen.set(event.id, event);
  return [...seen.values()];
}

const nameOf = (type: string): string => type.replace(/^orderly\.|\.v\d+$/g, '');

/** What an order must have told, in this order. */
function toldByOrder(order: OrderItem): readonly string[] {
  const moves = [
    ['order.confirmed', order.confirmedAt],
    ['order.rejected', order.rejectedAt],
    ['order.cancelled', order.cancelledAt],
    ['order.shipped', order.shippedAt],
  ] as const;
  return ['order.placed', ...moves.filter(([, at]) => at !== undefined).map(([name]) => name)];
}

const toldBeforeRelease: Readonly<Record<string, readonly string[]>> = {
  RESERVED: ['stock.reserved'],
  REJECTED: ['stock.rejected'],
  SHIPPED: ['stock.reserved', 'stock.shipped'],
};

/** Nothing was told of a reservation that never stood: a mark that stops it from coming, or one undone half-way. */
function toldByReservation({ status, version }: ReservationItem): readonly string[] {
  if (status === 'RELEASED') return version === 1 ? [] : ['stock.reserved', 'stock.released'];
  return toldBeforeRelease[status] ?? [];
}

function eventFindings({ events, orders, reservations, products, notifications }: Evidence): Finding[] {
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

const toldByNotification = ({ status }: NotificationItem): readonly string[] =>
  status === 'SENT' ? ['notification.sent'] : status === 'FAILED' ? ['notification.failed'] : [];

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
function outboxFindings({ orders, reservations, products, notifications }: Evidence): Finding[] {
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

function notificationFindings({ orders, notifications, mails }: Evidence): Finding[] {
  const sent = new Set(mails);
  const kinds = new Map<string, Set<string>>();
  const findings: Finding[] = [];
  for (const { orderId, kind, status, notificationId } of notifications) {
    kinds.set(orderId, (kinds.get(orderId) ?? new Set()).add(kind));
    const arrived = sent.has(`<${notificationId}@orderly>`);
    if (status === 'PENDING')
      findings.push(found('lost', `Notification ${notificationId} is PENDING for ever`));
    if (status === 'SENT' && !arrived)
      findings.push(found('lost', `Notification ${notificationId} is SENT, and no mail has arrived`));
    if (status === 'FAILED' && arrived)
      findings.push(
        found('inconsistent', `Notification ${notificationId} is FAILED, and its mail has arrived`),
      );
  }
  for (const order of orders) {
    const expected = toldByOrder(order)
      .filter((name) => name !== 'order.placed')
      .map((name) => name.replace('.', '-'));
    const had = kinds.get(order.orderId) ?? new Set();
    for (const kind of expected)
      if (!had.has(kind)) findings.push(found('lost', `Order ${order.orderId}: no ${kind} notification`));
    for (const kind of had)
      if (!expected.includes(kind))
        findings.push(found('doubled', `Order ${order.orderId}: a ${kind} notification that nothing caused`));
  }
  return findings;
}

/** What was refused must be parked whole; nothing else may be. */
function deadLetterFindings({ deadLetters, poison, refusing, events, waiting }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const parked = deadLetters.filter(({ target }) => target === undefined);
  for (const { kind, subscription, body, ends } of poison) {
    const name = `-dlq--${subscription}.fifo`;
    const there = parked.filter((letter) => letter.queue.endsWith(name) && letter.body === body).length;
    if (ends === 'parked' && there === 0)
      findings.push(found('lost', `Poison (${kind}) for ${subscription} is in no dead-letter queue`));
    if (ends === 'ignored' && there > 0)
      findings.push(found('inconsistent', `Poison (${kind}) for ${subscription} should have been ignored`));
  }
  const known = new Set(poison.map(({ body }) => body));
  for (const { queue, body } of parked)
    if (!known.has(body)) findings.push(found('lost', `In ${queue} and no poison: ${body.slice(0, 200)}`));

  const refused = new Set(deadLetters.filter(({ target }) => target === refusing).map(({ body }) => body));
  for (const { body, id, type } of withoutDuplicates(events))
    if (type.startsWith('orderly.order.') && !refused.has(body))
      findings.push(found('lost', `The refusing subscription: ${nameOf(type)} ${id} was not parked whole`));
  if (waiting > 0) findings.push(found('lost', `${waiting} messages are still in the subscriptions`));
  return findings;
}

/** A subscription that was gone gets everything again from soon after its return, in order. */
function subscriptionFindings({ events, returned }: Evidence): Finding[] {
  const got = withoutDuplicates(returned.events);
  const ids = new Set(got.map(({ id }) => id));
  const due = withoutDuplicates(events).filter(
    ({ type, time }) => type.startsWith('orderly.order.') && time > returned.from,
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
