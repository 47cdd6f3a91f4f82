import type { Invoice, InvoiceLine } from '../src/invoices.ts';

/** A row that can be ordered, but for what the test changes. */
export const row = (change: Partial<InvoiceLine> = {}): InvoiceLine => ({
  stockCode: '85123A',
  description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  quantity: 6,
  price: 255,
  ...change,
});

/** An invoice of one customer. */
export const invoice = (invoiceNo: string, lines: readonly InvoiceLine[], customerId = '17850'): Invoice => ({
  invoiceNo,
  customerId,
  lines,
});
