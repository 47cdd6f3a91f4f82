import type { InvoiceLine } from '../src/invoices.ts';
import { planWorkload } from '../src/workload.ts';
import { invoice, row } from './invoice-factory.ts';

describe('an invoice becomes an order', () => {
  it('of its customer, with SKUs in upper case and with repeated rows', () => {
    const { orders } = planWorkload([
      invoice('1', [row(), row({ stockCode: '85123a', quantity: 2 }), row({ stockCode: '71053' })]),
    ]);
    expect(orders).toEqual([
      {
        invoiceNo: '1',
        customer: { id: '17850', email: '17850@example.com' },
        lines: [
          { sku: '85123A', quantity: 6 },
          { sku: '85123A', quantity: 2 },
          { sku: '71053', quantity: 6 },
        ],
      },
    ]);
  });

  it('of a new guest when it names no customer', () => {
    const { orders, tally } = planWorkload([
      { invoiceNo: '1', lines: [row()] },
      { invoiceNo: '2', lines: [row()] },
    ]);
    expect(orders.map(({ customer }) => customer.email)).toEqual([
      'guest-1@example.com',
      'guest-2@example.com',
    ]);
    expect(tally.guestOrders).toBe(2);
  });

  it.each<[string, Partial<InvoiceLine>]>([
    ['not-goods', { stockCode: 'POST' }],
    ['not-goods', { stockCode: 'BANK CHARGES' }],
    ['not-goods', { stockCode: 'm' }],
    ['not-goods', { stockCode: 'D', quantity: -1 }],
    ['invalid-stock-code', { stockCode: '22/91' }],
    ['invalid-stock-code', { stockCode: '1'.repeat(65) }],
    ['quantity-not-positive', { quantity: 0 }],
    ['quantity-not-positive', { quantity: -10, price: 0 }],
    ['quantity-too-large', { quantity: 100_001 }],
    ['price-not-positive', { price: 0 }],
    ['price-not-positive', { price: -5 }],
    ['price-too-large', { price: 1_000_000_000_000_001 }],
  ])('without a row that is %s: %j', (reason, bad) => {
    const { orders, tally } = planWorkload([invoice('1', [row(bad), row({ stockCode: '71053' })])]);
    expect(orders.map(({ lines }) => lines)).toEqual([[{ sku: '71053', quantity: 6 }]]);
    expect(tally.droppedRows).toEqual({ [reason]: 1 });
    expect(tally.refusedInvoices).toEqual({});
  });

  it('or is refused when no row is left, and its rows are counted', () => {
    const { orders, steps, catalogue, tally } = planWorkload([
      invoice('1', [row({ price: 0 }), row({ stockCode: 'DOT' })]),
    ]);
    expect([orders, steps, catalogue]).toEqual([[], [], []]);
    expect(tally.refusedInvoices).toEqual({ 'no-orderable-row': 1 });
    expect(tally.droppedRows).toEqual({ 'price-not-positive': 1, 'not-goods': 1 });
  });

  it('at the limits of the platform', () => {
    const limits = row({ stockCode: '1'.repeat(64), quantity: 100_000, price: 1_000_000_000_000_000 });
    expect(planWorkload([invoice('1', [limits])]).orders).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  it('has each product once, with the first price and the first description', () => {
    const { catalogue } = planWorkload([
      invoice('1', [row({ description: '', price: 255 })]),
      invoice('2', [row({ stockCode: '85123a', description: ' HEART\t', price: 300 })]),
      invoice('3', [row({ description: 'OTHER' }), row({ stockCode: '71053', description: '' })]),
    ]);
    expect(catalogue).toEqual([
      { sku: '85123A', name: 'HEART', price: 255 },
      { sku: '71053', name: '71053', price: 255 },
    ]);
  });

  it('cuts names to the 200 characters of the API', () => {
    const { catalogue } = planWorkload([invoice('1', [row({ description: '\u{1F384}'.repeat(150) })])]);
    expect(catalogue[0]?.name.length).toBeLessThanOrEqual(200);
    expect(catalogue[0]?.name).not.toMatch(/\p{Cs}/u);
  });
});

describe('a cancellation', () => {
  const back = (change: Partial<InvoiceLine> = {}): InvoiceLine => row({ quantity: -1, ...change });

  it('cancels the latest earlier order of the same customer with that SKU in upper or lower case', () => {
    const { steps, cancelled } = planWorkload([
      invoice('1', [row()]),
      invoice('2', [row()]),
      invoice('3', [row()], 'another'),
      invoice('4', [row({ stockCode: '71053' })]),
      invoice('C5', [back({ stockCode: '85123a' })]),
      invoice('6', [row()]),
    ]);
    expect([...cancelled]).toEqual(['2']);
    expect(steps.map((step) => `${step.kind} ${step.order.invoiceNo}`)).toEqual([
      'place 1',
      'place 2',
      'place 3',
      'place 4',
      'cancel 2',
      'place 6',
    ]);
  });

  it('cancels an order once, however many rows and invoices name it', () => {
    const { steps, tally } = planWorkload([
      invoice('1', [row(), row({ stockCode: '71053' })]),
      invoice('C2', [back(), back({ stockCode: '71053' })]),
      invoice('c3', [back()]),
    ]);
    expect(steps.filter(({ kind }) => kind === 'cancel')).toHaveLength(1);
    expect(tally.cancellationRows).toEqual({ matched: 3, unmatched: {} });
    expect(tally.cancellationInvoices).toBe(2);
  });

  it('may cancel several orders', () => {
    const { cancelled } = planWorkload([
      invoice('1', [row()]),
      invoice('2', [row({ stockCode: '71053' })]),
      invoice('C3', [back(), back({ stockCode: '71053' })]),
    ]);
    expect([...cancelled]).toEqual(['1', '2']);
  });

  it('is counted by reason when it has no order', () => {
    const { steps, tally } = planWorkload([
      invoice('C1', [back()]),
      invoice('2', [row()]),
      invoice('C3', [back()], 'another'),
      invoice('C4', [back({ stockCode: 'D' }), row()]),
      { invoiceNo: 'C5', lines: [back()] },
    ]);
    expect(steps.map(({ kind }) => kind)).toEqual(['place']);
    expect(tally.cancellationRows).toEqual({
      matched: 0,
      unmatched: {
        'no-earlier-order': 2,
        'not-goods': 1,
        'quantity-not-negative': 1,
        'missing-customer': 1,
      },
    });
  });

  it('does not match rows that were dropped from their order', () => {
    const { cancelled } = planWorkload([
      invoice('1', [row({ price: 0 }), row({ stockCode: '71053' })]),
      invoice('C2', [back()]),
    ]);
    expect(cancelled.size).toBe(0);
  });
});
