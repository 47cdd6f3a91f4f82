import * as fc from 'fast-check';
import { generateInvoices } from '../src/generate.ts';
import { piecesBySku, planStock } from '../src/stock-plan.ts';
import { type OrderPlan, planWorkload } from '../src/workload.ts';

const order = (invoiceNo: string, pieces: Readonly<Record<string, number>>): OrderPlan => ({
  invoiceNo,
  customer: { id: '1', email: '1@example.com' },
  lines: Object.entries(pieces).map(([sku, quantity]) => ({ sku, quantity })),
});

/** All or nothing, first come first served: how many orders find their goods. */
const confirmed = (orders: readonly OrderPlan[], stock: ReadonlyMap<string, number>): number => {
  const left = new Map(stock);
  return orders.filter((candidate) => {
    const pieces = [...piecesBySku(candidate)];
    const enough = pieces.every(([sku, quantity]) => (left.get(sku) ?? 0) >= quantity);
    if (enough) for (const [sku, quantity] of pieces) left.set(sku, (left.get(sku) ?? 0) - quantity);
    return enough;
  }).length;
};

describe('the default stock', () => {
  it('confirms nine of ten orders in every sequence', () => {
    const { orders } = planWorkload(generateInvoices(1, 300));
    const stock = planStock(orders, new Set());
    const expected = orders.length - Math.round(orders.length / 10);
    expect(confirmed(orders, stock)).toBe(expected);
    expect(confirmed(orders.toReversed(), stock)).toBe(expected);
    fc.assert(
      fc.property(fc.shuffledSubarray([...orders], { minLength: orders.length }), (arrived) => {
        expect(confirmed(arrived, stock)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('is never below zero and covers every order that is not planned to be short', () => {
    const orders = Array.from({ length: 10 }, (_, index) => order(`${index}`, { A: 5, [`S${index}`]: 2 }));
    const stock = planStock(orders, new Set());
    expect(stock.get('A')).toBe(50);
    expect([...stock.values()].sort((a, b) => a - b)).toEqual([0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 50]);
  });

  it('does not make an order short that will be cancelled', () => {
    const orders = Array.from({ length: 10 }, (_, index) => order(`${index}`, { [`S${index}`]: 2 }));
    const stock = planStock(orders, new Set(['0', '1', '2', '3', '4', '5', '6', '7', '8']));
    expect(stock.get('S9')).toBe(0);
  });

  it('ignores orders that the API refuses and includes their products', () => {
    const pieces = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`S${index}`, 1]));
    const stock = planStock([order('1', pieces), order('2', { S0: 3 })], new Set());
    expect(stock.get('S0')).toBe(3);
    expect(stock.get('S1000')).toBe(0);
  });

  it('is empty without orders', () => {
    expect(planStock([], new Set()).size).toBe(0);
  });
});
