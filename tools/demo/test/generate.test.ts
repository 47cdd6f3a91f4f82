import { generateInvoices } from '../src/generate.ts';
import { shapeOf } from '../src/shape.ts';
import { planWorkload } from '../src/workload.ts';

/** Enough invoices for the shares to settle. */
const COUNT = 4000;

describe('generated invoices', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(generateInvoices(7, 50)).toEqual(generateInvoices(7, 50));
    expect(generateInvoices(8, 50)).not.toEqual(generateInvoices(7, 50));
  });

  it('begin alike however many are asked for', () => {
    expect(generateInvoices(7, 60).slice(0, 20)).toEqual(generateInvoices(7, 20));
  });

  it('have numbers that are unique', () => {
    const invoices = generateInvoices(3, 300);
    expect(new Set(invoices.map(({ invoiceNo }) => invoiceNo)).size).toBe(300);
  });

  describe.each([1, 42, 2_147_483_647])('of seed %d have the stated shape', (seed) => {
    const invoices = generateInvoices(seed, COUNT);
    const shape = shapeOf(invoices);
    const between = (value: number, from: number, to: number): void => {
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(to);
    };

    it('1 to several hundred rows, with a median near 15', () => {
      between(shape.rowsPerPurchase.median, 13, 17);
      between(shape.rowsPerPurchase.p90, 35, 60);
      between(shape.rowsPerPurchase.max, 300, 700);
      expect(Math.min(...invoices.map(({ lines }) => lines.length))).toBe(1);
    });

    it('about one cancellation in ten invoices, about half of which match an order', () => {
      between(shape.cancellations, 0.085, 0.115);
      const { matched, unmatched } = planWorkload(invoices).tally.cancellationRows;
      between(matched / (matched + (unmatched['no-earlier-order'] ?? 0)), 0.5, 0.8);
    });

    it('products with a long tail, as the real ones over as many invoices', () => {
      const first = shapeOf(invoices.slice(0, 511));
      between(first.topTenthOfProducts, 0.33, 0.44);
      between(first.products, 1900, 2600);
    });

    it('SKUs in mixed case and repeated within an invoice', () => {
      between(shape.lowerCaseRows / shape.rows, 0.002, 0.012);
      between(shape.repeatedProducts / COUNT, 0.1, 0.25);
    });

    it('orders of more than 99 products, which are reserved in steps', () => {
      between(shape.over99Products / COUNT, 0.005, 0.03);
    });

    it('the dirt: charges, corrections, free rows, missing customers and descriptions', () => {
      between(shape.chargeRows / COUNT, 0.04, 0.12);
      between(shape.negativeRows / COUNT, 0.035, 0.07);
      between(shape.zeroPriceRows / COUNT, 0.06, 0.12);
      between(shape.emptyDescriptions / COUNT, 0.06, 0.12);
      between(shape.missingCustomers / COUNT, 0.08, 0.15);
      const codes = new Set(invoices.flatMap(({ lines }) => lines.map(({ stockCode }) => stockCode)));
      for (const charge of ['POST', 'M', 'D', 'DOT', 'C2', 'BANK CHARGES']) expect(codes).toContain(charge);
    });
  });
});
