import { Accepted } from '../src/accepted.ts';
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
      .map(({ body }) => ({ queue: 'x-dlq--order-events.fifo', body, target: refusing, message: {} })),
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

  it.each<[what: string, evidence: Evidence, harm: string, text: string]>([
    [
      'an accepted order that is not there',
      evidence({ orders: [] }),
      'lost',
      'Order o1 was accepted and is not there',
    ],
    [
      'an order that no caller knows',
      having(({ orders }) => orders.clear()),
      'doubled',
      'no caller knows it',
    ],
    ['an order that is PLACED for ever', order({ status: 'PLACED' }), 'lost', 'PLACED for ever'],
    [
      'an accepted cancellation that did not hold',
      having(({ orders }) => orders.set('o1', { key: 'k', cancelled: true, shipped: false })),
      'lost',
      'its cancellation was accepted, and it is CONFIRMED',
    ],
    [
      'an accepted shipment that did not hold',
      having(({ orders }) => orders.set('o1', { key: 'k', cancelled: false, shipped: true })),
      'lost',
      'its shipment was accepted, and it is CONFIRMED',
    ],
    [
      'a status that its reservation does not fit',
      order({ status: 'REJECTED' }),
      'inconsistent',
      'its reservation RESERVED',
    ],
    ['stock below zero', product({ available: -1, reserved: 6 }), 'oversold', 'below zero'],
    [
      'stock that does not add up',
      product({ available: 4 }),
      'inconsistent',
      'onHand is not reserved + available',
    ],
    ['stock that nobody has put in', product({ onHand: 6, available: 4 }), 'inconsistent', '5 were put in'],
    [
      'stock held for no reservation',
      product({ reserved: 3, available: 2 }),
      'inconsistent',
      'reservations hold 2',
    ],
    [
      'a reservation that holds no stock',
      product({ reserved: 0, available: 5 }),
      'inconsistent',
      'Product f1-0: reservations hold 2',
    ],
    [
      'a product that is gone',
      evidence({ products: [] }),
      'lost',
      'Product f1-0 was accepted and is not there',
    ],
    [
      'an order refused for a registered product',
      having(({ unknown }) => unknown.push('Order k was refused: Unknown SKU')),
      'lost',
      'Order k was refused: Unknown SKU',
    ],
    [
      'an event that was not published',
      without('orderly.order.confirmed.v1'),
      'lost',
      'order.confirmed was not published',
    ],
    [
      'a price that was not published',
      without('orderly.product.upserted.v1'),
      'lost',
      'Product f1-0 costs 100; the last event says undefined',
    ],
    [
      'a message that is no event',
      evidence({ garbage: ['{}'] }),
      'inconsistent',
      'a message that is no event: {}',
    ],
    ['a price that orders does not know', evidence({ replica: new Map() }), 'lost', 'orders knows undefined'],
    [
      'an outbox that a later write left behind',
      product({
        outbox: { events: [{ body: JSON.stringify(event('orderly.product.upserted.v1', 'f1-0', 1)) }] },
      }),
      'doubled',
      'the outbox of version 1',
    ],
    ['a mail that has not arrived', evidence({ mails: [] }), 'lost', 'no mail has arrived'],
    [
      'a customer who was not notified',
      evidence({ notifications: [] }),
      'lost',
      'Order o1: no order-confirmed notification',
    ],
    [
      'a notification that comes twice',
      evidence({ notifications: [notification('order-confirmed'), notification('order-confirmed')] }),
      'doubled',
      'Order o1: another order-confirmed notification',
    ],
    [
      'a notification that nothing caused',
      evidence({ notifications: [notification('order-confirmed'), notification('order-rejected')] }),
      'doubled',
      'Order o1: a order-rejected notification that nothing caused',
    ],
    [
      'a notification that failed although mails are only logged',
      evidence({ mails: undefined, notifications: [notification('order-confirmed', 'FAILED')] }),
      'lost',
      'Notification o1.order-confirmed is FAILED',
    ],
    ['a refused event that was not parked', evidence({ deadLetters: [] }), 'lost', 'was not parked whole'],
    [
      'a dead letter that is left',
      evidence({ deadLettersLeft: new Map([['x-dlq--order-events.fifo', 1]]) }),
      'lost',
      'x-dlq--order-events.fifo holds 1 message of this run',
    ],
    [
      'dead letters that are left',
      evidence({ deadLettersLeft: new Map([['x-dlq--order-events--stream', 2]]) }),
      'lost',
      'x-dlq--order-events--stream holds 2 messages of this run',
    ],
    ['messages that are left', evidence({ waiting: 3 }), 'lost', '3 messages'],
    ['poison that is nowhere', evidence({ poison: [poison] }), 'lost', 'Poison (malformed JSON)'],
    [
      'messages behind poison that were never tried',
      evidence({
        poison: [{ ...poison, kind: 'behind poison', ends: 'mostly ignored' }],
        deadLetters: [
          { queue: 'x-dlq--order-events--inventory.fifo', body: 'x', target: undefined, message: {} },
        ],
      }),
      'untried',
      'All 1 messages behind poison',
    ],
  ])('finds %s', (_what, given, harm, text) => {
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
