import type { Order } from '../src/api.ts';
import { percentile } from '../src/percentile.ts';
import type { RunResult } from '../src/run.ts';
import { summarise } from '../src/summary.ts';
import { toTable } from '../src/table.ts';
import { planWorkload } from '../src/workload.ts';
import { invoice, row } from './invoice-factory.ts';

const START = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number): string => new Date(START + ms).toISOString();

const { orders, tally } = planWorkload([
  invoice('1', [row(), row({ stockCode: 'POST' })]),
  invoice('2', [row({ price: 0 })]),
]);
const [plan] = orders;
if (!plan) throw new Error('The first invoice is an order');

const result = (placed: readonly Order[], change: Partial<RunResult> = {}): RunResult => ({
  placing: {
    placed: placed.map((latest) => ({ plan, latest })),
    refused: { '422 too-many-skus': 1 },
    lost: [],
    cancellations: { accepted: 1, refused: {} },
  },
  notifications: new Map([
    ['1', [{ kind: 'order-confirmed', status: 'SENT' }]],
    [
      '2',
      [
        { kind: 'order-rejected', status: 'SENT' },
        { kind: 'order-cancelled', status: 'FAILED' },
      ],
    ],
  ]),
  events: { 'orderly.order.placed.v1': 4 },
  duplicateDeliveries: 0,
  deadLetters: 0,
  checks: [{ name: 'every order is final', checked: 4, faults: [] }],
  ...change,
});

const order = (status: Order['status'], more: Partial<Order> = {}): Order => ({
  orderId: 'o',
  status,
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
    expect(summary.workload.droppedRows).toEqual({ 'not-goods': 1, 'price-not-positive': 1 });
    expect(summary.ok).toBe(true);
  });

  it('of a run without orders has no latency and divides by nothing', () => {
    const summary = summarise('nothing', tally, result([]));
    expect([summary.latencyMs, summary.ordersPerSecond, summary.seconds]).toEqual([null, null, 0]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('is not ok when a check has a fault', () => {
    const checks = [{ name: 'no dead letters', checked: 1, faults: ['dev-dlq holds 1 message'] }];
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
    const faults = Array.from({ length: 12 }, (_, index) => `order ${index} is still PLACED`);
    const checks = [{ name: 'every order is final', checked: 12, faults }];
    const table = toTable(summarise('x', tally, result(placed, { checks })));
    expect(table).toContain('FAILED: every order is final');
    expect(table).toContain('order 9 is still PLACED');
    expect(table).toContain('... and 2 more');
    expect(table).not.toContain('order 10 is still PLACED');
  });
});

describe('a percentile', () => {
  it.each([
    [50, 5],
    [90, 9],
    [95, 10],
    [99, 10],
    [100, 10],
  ])('p%d of 1 to 10 is %d (nearest rank)', (p, expected) => {
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], p)).toBe(expected);
  });

  it('of one value is that value, of none NaN', () => {
    expect(percentile([7], 99)).toBe(7);
    expect(percentile([], 50)).toBeNaN();
  });
});
