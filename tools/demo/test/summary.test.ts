import type { Evidence, OrderItem } from '@orderly/support/evidence';
import { found } from '@orderly/support/verdict';
import type { RunResult } from '../src/run.ts';
import { summarise } from '../src/summary.ts';
import { toTable } from '../src/table.ts';
import { planWorkload } from '../src/workload.ts';
import { invoice, row } from './invoice-factory.ts';

const START = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

const { tally } = planWorkload([
  invoice('1', [row(), row({ stockCode: 'POST' })]),
  invoice('2', [row({ price: 0 })]),
]);

const notification = (orderId: string, kind: string, status: string) => ({
  orderId,
  kind,
  notificationId: `${orderId}.${kind}`,
  status,
  version: 2,
});

const event = {
  type: 'orderly.order.placed.v1',
  source: 'orderly/orders',
  subject: 'o',
  sequence: 1,
  time: '',
};

const result = (placed: readonly OrderItem[], change: Partial<RunResult> = {}): RunResult => {
  const evidence: Partial<Evidence> = {
    orders: placed,
    notifications: [
      notification('1', 'order-confirmed', 'SENT'),
      notification('2', 'order-rejected', 'SENT'),
      notification('2', 'order-cancelled', 'FAILED'),
    ],
    events: ['1', '2', '2'].map((id) => ({ ...event, id, body: '' })),
    deadLettersLeft: new Map([['dev-dlq--order-events.fifo', 3]]),
  };
  return {
    placing: {
      refused: { '422 too-many-skus': 1 },
      cancellations: { accepted: 1, refused: {} },
    },
    evidence: evidence as Evidence,
    checks: [{ name: 'every order is final', checked: 4, findings: [] }],
    ...change,
  };
};

const order = (status: OrderItem['status'], more: Partial<OrderItem> = {}): OrderItem => ({
  orderId: 'o',
  status,
  version: 1,
  customerId: 'c',
  lines: [],
  placedAt: at(0),
  ...more,
});

const placed = [
  order('CONFIRMED', { confirmedAt: at(100) }),
  order('REJECTED', { rejectedAt: at(300) }),
  order('CANCELLED', { confirmedAt: at(200), cancelledAt: at(900) }),
  order('CANCELLED', { cancelledAt: at(1) }),
  order('CONFIRMED', { placedAt: at(1600), confirmedAt: at(2000) }),
];

describe('the summary', () => {
  it('counts orders by state, and measures from placed to decided', () => {
    const summary = summarise('two invoices', tally, result(placed));
    expect(summary.orders).toEqual({
      placed: 5,
      confirmed: 2,
      rejected: 1,
      cancelled: 2,
      notFinal: 0,
      refused: { '422 too-many-skus': 1 },
    });
    expect(summary.latencyMs).toEqual({ p50: 200, p95: 400, p99: 400 });
    expect([summary.seconds, summary.ordersPerSecond]).toEqual([2, 2.5]);
    expect(summary.notifications).toEqual({ sent: 2, byKind: { 'order-confirmed': 1, 'order-rejected': 1 } });
    expect(summary.events).toEqual({ delivered: 2, duplicates: 1, byType: { [event.type]: 2 } });
    expect(summary.deadLetters).toBe(3);
    expect(summary.workload.droppedRows).toEqual({ 'not-goods': 1, 'price-not-positive': 1 });
    expect(summary.ok).toBe(true);
  });

  it('of a run without orders has no latency and divides by nothing', () => {
    const summary = summarise('nothing', tally, result([]));
    expect([summary.latencyMs, summary.ordersPerSecond, summary.seconds]).toEqual([null, null, 0]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('is not ok when a check has a fault', () => {
    const checks = [
      { name: 'no dead letters', checked: 1, findings: [found('lost', 'dev-dlq holds 1 message')] },
    ];
    expect(summarise('x', tally, result(placed, { checks })).ok).toBe(false);
  });
});

describe('the table', () => {
  it('shows every number with its reason', () => {
    const table = toTable(summarise('two invoices', tally, result(placed)));
    for (const text of [
      'two invoices',
      'a charge, not goods',
      'every row was dropped',
      '422 too-many-skus',
      '200 / 400 / 400 ms',
      'Everything adds up.',
    ]) {
      expect(table).toContain(text);
    }
  });

  it('ends with what is wrong, the first ten of it', () => {
    const findings = Array.from({ length: 12 }, (_, n) => found('lost', `order ${n} is still PLACED`));
    const checks = [{ name: 'every order is final', checked: 12, findings }];
    const table = toTable(summarise('x', tally, result(placed, { checks })));
    expect(table).toContain('FAILED: every order is final');
    expect(table).toContain('order 9 is still PLACED');
    expect(table).toContain('... and 2 more');
    expect(table).not.toContain('order 10 is still PLACED');
  });
});
