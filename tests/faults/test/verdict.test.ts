import type { Finding } from '../src/checks/finding.ts';
import type { Evidence, OrderItem, ProductItem, ReservationItem } from '../src/evidence.ts';
import type { PlannedOrder } from '../src/plan.ts';
import type { ReceivedEvent } from '../src/subscriber.ts';
import { verdictOn } from '../src/verdict.ts';

const plan: PlannedOrder = {
  key: 'k',
  customer: { id: 'f1-c0', email: 'f1-c0@example.com' },
  lines: [{ sku: 'f1-0', quantity: 2 }],
  fate: 'left alone',
};

function event(
  type: string,
  subject: string,
  sequence: number,
  more: Partial<ReceivedEvent> = {},
): ReceivedEvent {
  const [, aggregate] = type.split('.');
  const service = { order: 'orders', notification: 'notifications' }[aggregate ?? ''] ?? 'inventory';
  const told = {
    id: `${subject}-${sequence}`,
    type,
    source: `orderly/${service}`,
    subject,
    sequence,
    time: '2026-11-24T12:00:00.000Z',
    ...more,
  };
  return { ...told, body: more.body ?? JSON.stringify({ ...told, data: { price: 100 } }) };
}

/** One confirmed order of two pieces, and everything that belongs to it. */
function evidence(): Evidence & { readonly orders: OrderItem[] } {
  const order: OrderItem = {
    orderId: 'o1',
    status: 'CONFIRMED',
    version: 2,
    lines: plan.lines,
    customerId: 'f1-c0',
    confirmedAt: '2026-11-24T12:00:01.000Z',
  };
  const reservation: ReservationItem = { orderId: 'o1', status: 'RESERVED', version: 1, lines: plan.lines };
  const product: ProductItem = {
    sku: 'f1-0',
    name: 'Mug',
    price: 100,
    version: 3,
    onHand: 5,
    reserved: 2,
    available: 3,
  };
  const events = [
    event('orderly.product.upserted.v1', 'f1-0', 1),
    event('orderly.order.placed.v1', 'o1', 1),
    event('orderly.stock.reserved.v1', 'o1', 1, { id: 'r1' }),
    event('orderly.order.confirmed.v1', 'o1', 2),
    event('orderly.notification.sent.v1', 'o1.order-confirmed', 2),
  ];
  const refusing = 'http://sqs/refusing.fifo';
  const message = {};
  return {
    accepted: {
      orders: new Map([['o1', { plan, cancelled: false, shipped: false }]]),
      stock: new Map([['f1-0', 5]]),
      products: new Map([['f1-0', { name: 'Mug', price: 100 }]]),
    },
    orders: [order],
    replica: new Map([['f1-0', { name: 'Mug', price: 100 }]]),
    reservations: new Map([['o1', reservation]]),
    products: [product],
    notifications: [
      {
        orderId: 'o1',
        kind: 'order-confirmed',
        notificationId: 'o1.order-confirmed',
        status: 'SENT',
        version: 2,
      },
    ],
    events,
    mails: ['<o1.order-confirmed@orderly>'],
    deadLetters: events
      .filter(({ source }) => source === 'orderly/orders')
      .map(({ body }) => ({ queue: 'x-dlq--order-events.fifo', body, target: refusing, message })),
    poison: [],
    refusing,
    returned: { from: '2026-11-24T12:00:00.000Z', events: [] },
    waiting: 0,
  };
}

const harms = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ harm }) => harm))].sort();
const texts = (findings: readonly Finding[]): string => findings.map(({ text }) => text).join('\n');

it('finds nothing where every promise was kept', () => {
  expect(verdictOn(evidence())).toEqual([]);
});

it('absorbs an event that comes twice', () => {
  const all = evidence();
  expect(verdictOn({ ...all, events: [...all.events, ...all.events] })).toEqual([]);
});

describe('finds', () => {
  const product = (more: Partial<ProductItem>) => {
    const all = evidence();
    return { ...all, products: all.products.map((item) => ({ ...item, ...more })) };
  };
  const order = (more: Partial<OrderItem>) => {
    const all = evidence();
    return { ...all, orders: all.orders.map((item) => ({ ...item, ...more })) };
  };
  const without = (type: string) => {
    const all = evidence();
    return { ...all, events: all.events.filter((each) => each.type !== type) };
  };

  it.each<[what: string, evidence: Evidence, harm: string, text: string]>([
    [
      'an accepted order that is not there',
      { ...evidence(), orders: [] },
      'lost',
      'Order o1 was accepted and is not there',
    ],
    [
      'an order that nobody was told of',
      { ...evidence(), accepted: { ...evidence().accepted, orders: new Map() } },
      'doubled',
      'nobody was told so',
    ],
    ['an order that is PLACED for ever', order({ status: 'PLACED' }), 'lost', 'PLACED for ever'],
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
      'an event that was not published',
      without('orderly.order.confirmed.v1'),
      'lost',
      'order.confirmed was not published',
    ],
    [
      'a price that orders does not know',
      { ...evidence(), replica: new Map() },
      'lost',
      'orders knows undefined',
    ],
    [
      'an outbox that a later write left behind',
      product({
        outbox: { events: [{ body: JSON.stringify(event('orderly.product.upserted.v1', 'f1-0', 1)) }] },
      }),
      'doubled',
      'the outbox of version 1',
    ],
    ['a mail that has not arrived', { ...evidence(), mails: [] }, 'lost', 'no mail has arrived'],
    [
      'a customer who was not told',
      { ...evidence(), notifications: [] },
      'lost',
      'no order-confirmed notification',
    ],
    [
      'a refused event that was not parked',
      { ...evidence(), deadLetters: [] },
      'lost',
      'was not parked whole',
    ],
    ['messages that are left', { ...evidence(), waiting: 3 }, 'lost', '3 messages'],
    [
      'poison that is nowhere',
      {
        ...evidence(),
        poison: [
          { kind: 'malformed JSON', subscription: 'order-events--inventory', body: '{', ends: 'parked' },
        ],
      },
      'lost',
      'Poison (malformed JSON)',
    ],
    [
      'messages behind poison that were never tried',
      {
        ...evidence(),
        poison: [
          {
            kind: 'behind poison',
            subscription: 'order-events--inventory',
            body: 'x',
            ends: 'mostly ignored',
          },
        ],
        deadLetters: [
          { queue: 'x-dlq--order-events--inventory.fifo', body: 'x', target: undefined, message: {} },
        ],
      },
      'untried',
      'All 1 messages behind poison',
    ],
  ])('%s', (_what, given, harm, text) => {
    const findings = verdictOn(given);

    expect(harms(findings)).toContain(harm);
    expect(texts(findings)).toContain(text);
  });

  it('two events for one change', () => {
    const all = evidence();
    const twin = event('orderly.order.cancelled.v1', 'o1', 2, { id: 'twin' });

    const findings = verdictOn({ ...all, events: [...all.events, twin] });

    expect(texts(findings)).toContain('two events with the sequence 2');
  });

  it('events that overtake one another', () => {
    const all = evidence();

    const findings = verdictOn({ ...all, events: [...all.events].reverse() });

    expect(harms(findings)).toEqual(['out of order']);
  });

  it('what a subscription that came back has missed', () => {
    const all = evidence();

    const findings = verdictOn({ ...all, returned: { from: '2026-11-24T11:00:00.000Z', events: [] } });

    expect(texts(findings)).toContain('has not got order.placed');
  });
});
