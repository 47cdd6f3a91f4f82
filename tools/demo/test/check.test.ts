import type { Order } from '../src/api.ts';
import { checkEvidence, type Evidence, notificationFaults, stockFaults } from '../src/check.ts';

const level = (onHand: number, reserved: number, available = onHand - reserved) => ({
  onHand,
  reserved,
  available,
});

describe('the stock equation', () => {
  const before = new Map([['A', level(10, 2)]]);
  const faults = (after: ReturnType<typeof level>, confirmed = 3): string[] =>
    stockFaults(before, new Map([['A', after]]), new Map([['A', confirmed]]));

  it('holds when what is reserved grew by what confirmed orders hold', () => {
    expect(faults(level(10, 5))).toEqual([]);
  });

  it.each([
    ['a sum that is wrong', level(10, 5, 6), /onHand is not available \+ reserved/],
    ['a number below zero', level(10, 5, -5), /below zero/],
    ['pieces that came or went', level(11, 5), /onHand was 10/],
    ['a reservation of no order', level(10, 6), /confirmed orders hold 5/],
    ['a reservation that is missing', level(10, 2), /product A: .*confirmed orders hold 5/],
  ])('finds %s', (_what, after, message) => {
    expect(faults(after).join()).toMatch(message);
  });

  it('finds a product that is gone', () => {
    expect(stockFaults(before, new Map(), new Map())).toEqual(['product A is gone']);
  });
});

describe('the notifications of an order', () => {
  const order: Order = {
    orderId: '1',
    status: 'CANCELLED',
    lines: [],
    placedAt: '2026-01-31T12:00:00.000Z',
    confirmedAt: '2026-01-31T12:00:01.000Z',
    cancelledAt: '2026-01-31T12:00:02.000Z',
  };
  const sent = (...kinds: string[]) => kinds.map((kind) => ({ kind, status: 'SENT' }));

  it('are one for each of its changes', () => {
    expect(notificationFaults(order, sent('order-cancelled', 'order-confirmed'))).toEqual([]);
  });

  it.each([
    ['none', sent('order-confirmed'), 'order 1 has no order-cancelled'],
    [
      'two',
      sent('order-confirmed', 'order-cancelled', 'order-cancelled'),
      'order 1 has 2 order-cancelled (SENT, SENT)',
    ],
    [
      'one that nothing caused',
      sent('order-confirmed', 'order-cancelled', 'order-rejected'),
      'order 1 has a order-rejected that nothing caused',
    ],
    [
      'one that failed',
      [...sent('order-confirmed'), { kind: 'order-cancelled', status: 'FAILED' }],
      'order 1: its order-cancelled is FAILED',
    ],
  ])('are faulty when there is %s', (_what, notifications, fault) => {
    expect(notificationFaults(order, notifications)).toEqual([fault]);
  });
});

describe('the checks of a run', () => {
  const evidence: Evidence = {
    placed: [],
    lost: [],
    stockBefore: new Map(),
    stockAfter: new Map(),
    notifications: new Map(),
    deadLettersBefore: new Map([['dev-dlq--order-events.fifo', 2]]),
    deadLettersAfter: new Map([['dev-dlq--order-events.fifo', 2]]),
    hasEvent: () => true,
    garbage: [],
  };
  const faults = (change: Partial<Evidence>): string[] =>
    checkEvidence({ ...evidence, ...change }).flatMap((check) => check.faults);

  it('pass over dead letters that were there before', () => {
    expect(faults({})).toEqual([]);
  });

  it('name the dead-letter queue that grew, also when it is new', () => {
    const deadLettersAfter = new Map([
      ['dev-dlq--order-events.fifo', 3],
      ['dev-dlq--order-events--stream', 2],
    ]);
    expect(faults({ deadLettersAfter })).toEqual([
      'dev-dlq--order-events.fifo holds 1 message of this run',
      'dev-dlq--order-events--stream holds 2 messages of this run',
    ]);
  });

  it('name an event that has not come, and a message that is none', () => {
    const plan = { invoiceNo: '1', customer: { id: '1', email: '1@example.com' }, lines: [] };
    const latest = {
      orderId: 'o1',
      status: 'REJECTED' as const,
      lines: [],
      placedAt: '2026-01-31T12:00:00.000Z',
      rejectedAt: '2026-01-31T12:00:01.000Z',
    };
    const notifications = new Map([['o1', [{ kind: 'order-rejected', status: 'SENT' }]]]);
    const hasEvent = (type: string): boolean => type === 'orderly.order.placed.v1';
    expect(faults({ placed: [{ plan, latest }], notifications, hasEvent, garbage: ['{}'] })).toEqual([
      "orderly.order.rejected.v1 of order o1 has not reached the demo's subscription",
      'the subscription got a message that is no event: {}',
    ]);
  });
});
