import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { readRetailCsv } from '../src/retail-csv.ts';
import { piecesBySku } from '../src/stock-plan.ts';
import { planWorkload } from '../src/workload.ts';

const root = resolve(__dirname, '../../..');
const path = resolve(root, '../shared/data/online-retail.csv');

if (existsSync(path) || process.env.CI === 'true') {
  describe('the first 511 invoices of the Online Retail data', () => {
    it('are present wherever CI runs', () => {
      expect(existsSync(path) ? 'present' : `ABSENT: ${path}`).toBe('present');
    });

    it('become orders, cancellations and counted refusals, and no row is left over', async () => {
      const invoices = await readRetailCsv(path);
      const { orders, cancelled, catalogue, tally } = planWorkload(invoices);
      expect(tally).toEqual({
        invoices: 511,
        rows: 9911,
        purchases: 468,
        cancellationInvoices: 43,
        guestOrders: 23,
        droppedRows: { 'not-goods': 36, 'price-not-positive': 16, 'quantity-not-positive': 30 },
        refusedInvoices: { 'no-orderable-row': 46 },
        cancellationRows: { matched: 10, unmatched: { 'no-earlier-order': 88, 'not-goods': 2 } },
      });
      expect(orders).toHaveLength(468 - 46);
      expect(cancelled.size).toBe(9);
      const ordered = orders.reduce((rows, { lines }) => rows + lines.length, 0);
      expect(ordered + 36 + 16 + 30 + 10 + 88 + 2).toBe(9911);
      expect(catalogue.length).toBe(new Set(orders.flatMap((order) => [...piecesBySku(order).keys()])).size);
      expect(orders.filter((order) => piecesBySku(order).size > 99)).toHaveLength(7);
    });
  });
} else {
  it(`The real data is NOT covered: ${relative(root, path)} is absent (tools/demo/README.md says where to get it)`, () => {
    console.warn(`Not covered here, because ${path} is absent: the Online Retail data (real-data.test.ts).`);
    expect(existsSync(path)).toBe(false);
  });
}
