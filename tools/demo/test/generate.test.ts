import { generateInvoices } from '../src/generate.ts';
import { piecesBySku } from '../src/stock-plan.ts';
import { planWorkload } from '../src/workload.ts';

describe('generated invoices', () => {
  it('are the same for the same seed and differ for another', () => {
    expect(generateInvoices(7, 50)).toEqual(generateInvoices(7, 50));
    expect(generateInvoices(8, 50)).not.toEqual(generateInvoices(7, 50));
  });

  it('begin with the same invoices, however many are generated', () => {
    expect(generateInvoices(7, 60).slice(0, 20)).toEqual(generateInvoices(7, 20));
  });

  it('have unique numbers', () => {
    const invoices = generateInvoices(3, 300);
    expect(new Set(invoices.map(({ invoiceNo }) => invoiceNo)).size).toBe(300);
  });

  describe.each([1, 42, 2_147_483_647])('of seed %d', (seed) => {
    const invoices = generateInvoices(seed, 500);
    const { orders, cancelled, tally } = planWorkload(invoices);
    const rows = orders.flatMap(({ lines }) => lines);
    const between = (value: number, from: number, to: number): void => {
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(to);
    };

    it('have about ten rows, in one of ten more than 35, and in some more than 99 products', () => {
      const sizes = orders.map(({ lines }) => lines.length).sort((a, b) => a - b);
      const at = (share: number) => sizes[Math.floor(share * sizes.length)] ?? 0;
      between(at(0.5), 7, 15);
      between(at(0.9), 35, 65);
      between(sizes.at(-1) ?? 0, 150, 701);
      between(orders.filter((order) => piecesBySku(order).size > 99).length, 3, 25);
    });

    it('sell a tenth of the products far more often than the others', () => {
      const sold = new Map<string, number>();
      for (const { sku } of rows) sold.set(sku, (sold.get(sku) ?? 0) + 1);
      const counts = [...sold.values()].sort((a, b) => b - a);
      const top = counts.slice(0, counts.length / 10).reduce((sum, count) => sum + count, 0);
      between(top / rows.length, 0.3, 0.45);
    });

    it('have one cancellation in ten, more than half of whose rows match an order of the run', () => {
      between(tally.cancellationInvoices, 30, 70);
      between(cancelled.size, 15, 45);
      const { matched, unmatched } = tally.cancellationRows;
      between(matched / (matched + (unmatched['no-earlier-order'] ?? 0)), 0.5, 0.8);
    });

    it('have charges, corrections, guests, repeated rows, lower-case codes and empty descriptions', () => {
      between(tally.guestOrders, 5, 40);
      between(tally.droppedRows['not-goods'] ?? 0, 15, 70);
      between(tally.droppedRows['quantity-not-positive'] ?? 0, 10, 50);
      between(tally.droppedRows['price-not-positive'] ?? 0, 4, 40);
      between(tally.refusedInvoices['no-orderable-row'] ?? 0, 15, 60);
      between(orders.filter((order) => piecesBySku(order).size < order.lines.length).length, 30, 120);
      const sold = invoices.flatMap(({ lines }) => lines);
      between(sold.filter(({ stockCode }) => /[a-z]$/.test(stockCode)).length, 20, 120);
      between(sold.filter(({ description }) => description === '').length, 15, 60);
    });
  });
});
