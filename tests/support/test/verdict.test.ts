import { Accepted, type AcceptedOrder } from '../src/accepted.ts';
import type { Evidence, NotificationItem, OrderItem, ProductItem, ReservationItem } from '../src/evidence.ts';
import type { ReceivedEvent } from '../src/subscriber.ts';
import { findingsOf, verdictOn } from '../src/verdict.ts';

const lines = [{ sku: 'f1-0', quantity: 2 }];

function event(
  type: string,
  subject: string,
  sequence: number,
  more: Partial<ReceivedEvent> = {},
): ReceivedEvent {
  const [, aggregate] = type.split('.');
  const service = { order: 'orders', notification: 'notifications' }[aggregate ?? ''] ?? 'inventory';
  const published = {
    id: `${subject}-${sequence}`,
    type,
    source: `orderly/${service}`,
    subject,
    sequence,
    time: '2026-11-24T12:00:00.000Z',
    ...more,
  };
  return { ...published, body: more.body ?? JSON.stringify({ ...published, data: { price: 100 } }) };
}

function accepted(): Accepted {
  const all = new Accepted();
  all.orders.set('o1', { key: 'k', cancelled: false, shipped: false });
  all.stock.set('f1-0', 5);
  all.products.set('f1-0', { name: 'Mug', price: 100 });
  return all;
}

const mug: ProductItem = {
  sku: 'f1-0',
  name: 'Mug',
  price: 100,
  version: 3,
  onHand: 5,
  reserved: 2,
  available: 3,
};

/** One confirmed order of two pieces, and everything that belongs to it. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  const order: OrderItem = {
    orderId: 'o1',
    status: 'CONFIRMED',
    version: 2,
    lines,
    customerId: 'f1-c0',
    placedAt: '2026-11-24T12:00:00.000Z',
    confirmedAt: '2026-11-24T12:00:01.000Z',
  };
  const reservation: ReservationItem = { orderId: 'o1', status: 'RESERVED', version: 1, lines };
  const events = [
    event('orderly.product.upserted.v1', 'f1-0', 1),
    event('orderly.order.placed.v1', 'o1', 1),
    event('orderly.stock.reserved.v1', 'o1', 1, { id: 'r1' }),
    event('orderly.order.confirmed.v1', 'o1', 2),
    event('orderly.notification.sent.v1', 'o1.order-confirmed', 2),
  ];
  const refusing = 'http://sqs/refusing.fifo';
  return {
    accepted: accepted(),
    before: new Map(),
    orders: [order],
    replica: new Map([['f1-0', { name: 'Mug', price: 100 }]]),
    reservations: new Map([['o1', reservation]]),
    products: [mug],
    notifications: [notification('order-confirmed')],
    events,
    garbage: [],
    mails: ['<o1.order-confirmed@orderly>'],
    deadLetters: events
      .filter(({ source }) => source === 'orderly/orders')
      .map(({ body }) => ({ queue: 'x-dlq--order-events.fifo', body, target: refusing })),
    deadLettersLeft: new Map([['x-dlq--order-events.fifo', 0]]),
    poison: [],
    refusing,
    returned: { from: '2026-11-24T12:00:00.000Z', events: [] },
    waiting: 0,
    ...change,
  };
}

const notification = (kind: string, status = 'SENT'): NotificationItem => ({
  orderId: 'o1',
  kind,
  notificationId: `o1.${kind}`,
  status,
  version: 2,
});

const findings = (of: Evidence) => findingsOf(verdictOn(of));
const harms = (of: Evidence): string[] => [...new Set(findings(of).map(({ harm }) => harm))].sort();
const texts = (of: Evidence): string =>
  findings(of)
    .map(({ text }) => text)
    .join('\n');

describe('the verdict', () => {
  it('finds nothing where every promise was kept', () => {
    expect(findings(evidence())).toEqual([]);
  });

  it('absorbs an event that comes twice', () => {
    const { events } = evidence();
    expect(findings(evidence({ events: [...events, ...events] }))).toEqual([]);
  });

  it('finds nothing where mails are only logged and no subscription is in trouble', () => {
    const { refusing, returned, ...rest } = evidence({ mails: undefined, deadLetters: [] });
    expect(findings(rest)).toEqual([]);
  });

  it('expects of a refusing subscription that what was published meanwhile is parked, and nothing later', () => {
    expect(findings(evidence({ deadLetters: [], publishedWhileRefusing: new Set() }))).toEqual([]);
    const published = new Set(['o1-1']);
    expect(findings(evidence({ deadLetters: [], publishedWhileRefusing: published }))).toHaveLength(1);
  });

  it('expects of a product from before the run only what the run changed', () => {
    const before = new Map([['f1-0', { ...mug, onHand: 10, reserved: 4, available: 6 }]]);
    const products = [{ ...mug, onHand: 15, reserved: 6, available: 9 }];
    const events = evidence().events.filter(({ subject }) => subject !== 'f1-0');
    expect(findings(evidence({ before, products, events }))).toEqual([]);
  });

  const product = (more: Partial<ProductItem>) => evidence({ products: [{ ...mug, ...more }] });
  const order = (more: Partial<OrderItem>) =>
    evidence({ orders: evidence().orders.map((item) => ({ ...item, ...more })) });
  const without = (type: string) =>
    evidence({ events: evidence().events.filter((each) => each.type !== type) });
  const having = (change: (all: Accepted) => void) => {
    const all = accepted();
    change(all);
    return evidence({ accepted: all });
  };
  const poison = {
    kind: 'malformed JSON',
    subscription: 'order-events--inventory',
    body: 'x',
    ends: 'dead-lettered',
  } as const;

  const asked = (more: Partial<AcceptedOrder>) =>
    having(({ orders }) => orders.set('o1', { key: 'k', cancelled: false, shipped: false, ...more }));
  const notified = (...notifications: readonly NotificationItem[]) => evidence({ notifications });
  const confirmation = notification('order-confirmed');
  const left = (queue: string, messages: number) =>
    evidence({ deadLettersLeft: new Map([[queue, messages]]) });
  const upserted = JSON.stringify(event('orderly.product.upserted.v1', 'f1-0', 1));

  it.each<[harm: string, text: string, evidence: Evidence]>([
    ['lost', 'Order o1 was accepted and is not there', evidence({ orders: [] })],
    ['doubled', 'no caller knows it', having(({ orders }) => orders.clear())],
    ['lost', 'PLACED for ever', order({ status: 'PLACED' })],
    ['lost', 'its cancellation was accepted, and it is CONFIRMED', asked({ cancelled: true })],
    ['lost', 'its shipment was accepted, and it is CONFIRMED', asked({ shipped: true })],
    ['inconsistent', 'its reservation RESERVED', order({ status: 'REJECTED' })],
    ['oversold', 'below zero', product({ available: -1, reserved: 6 })],
    ['inconsistent', 'onHand is not reserved + available', product({ available: 4 })],
    ['inconsistent', '5 were put in', product({ onHand: 6, available: 4 })],
    ['inconsistent', 'reservations hold 2', product({ reserved: 3, available: 2 })],
    ['inconsistent', 'Product f1-0: reservations hold 2', product({ reserved: 0, available: 5 })],
    ['lost', 'Product f1-0 was accepted and is not there', evidence({ products: [] })],
    [
      'lost',
      'Order k was refused: Unknown SKU',
      having(({ unknown }) => unknown.push('Order k was refused: Unknown SKU')),
    ],
    ['lost', 'order.confirmed was not published', without('orderly.order.confirmed.v1')],
    ['lost', 'Product f1-0 costs 100; the last event says undefined', without('orderly.product.upserted.v1')],
    ['inconsistent', 'a message that is no event: {}', evidence({ garbage: ['{}'] })],
    ['lost', 'orders knows undefined', evidence({ replica: new Map() })],
    ['doubled', 'the outbox of version 1', product({ outbox: { events: [{ body: upserted }] } })],
    ['lost', 'no mail has arrived', evidence({ mails: [] })],
    ['lost', 'Order o1: no order-confirmed notification', evidence({ notifications: [] })],
    ['doubled', 'Order o1: another order-confirmed notification', notified(confirmation, confirmation)],
    [
      'doubled',
      'Order o1: a order-rejected notification that nothing caused',
      notified(confirmation, notification('order-rejected')),
    ],
    [
      'lost',
      'Notification o1.order-confirmed is FAILED',
      { ...notified(notification('order-confirmed', 'FAILED')), mails: undefined },
    ],
    ['lost', 'was not parked whole', evidence({ deadLetters: [] })],
    ['lost', 'x-dlq--order-events.fifo holds 1 message of this run', left('x-dlq--order-events.fifo', 1)],
    ['lost', 'x-dlq--orders--stream holds 2 messages of this run', left('x-dlq--orders--stream', 2)],
    ['lost', '3 messages', evidence({ waiting: 3 })],
    ['lost', 'Poison (malformed JSON)', evidence({ poison: [poison] })],
    [
      'untried',
      '1 of 1 messages behind poison',
      evidence({
        poison: [{ ...poison, kind: 'behind poison', ends: 'mostly ignored' }],
        deadLetters: [{ queue: 'x-dlq--order-events--inventory.fifo', body: 'x', target: undefined }],
      }),
    ],
  ])('counts as %s: "%s"', (harm, text, given) => {
    expect(harms(given)).toContain(harm);
    expect(texts(given)).toContain(text);
  });

  it('finds two events for one transition', () => {
    const twin = event('orderly.order.cancelled.v1', 'o1', 2, { id: 'twin' });

    expect(texts(evidence({ events: [...evidence().events, twin] }))).toContain(
      'two events with the sequence 2',
    );
  });

  it('finds events that overtake one another', () => {
    expect(harms(evidence({ events: [...evidence().events].reverse() }))).toEqual(['out of order']);
  });

  it('finds what a subscription that came back has missed', () => {
    const missed = evidence({ returned: { from: '2026-11-24T11:00:00.000Z', events: [] } });

    expect(texts(missed)).toContain('has not got order.placed');
  });
});
