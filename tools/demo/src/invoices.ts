import { parse, Sku } from '@orderly/contracts';

/** One row of an invoice. */
export interface InvoiceLine {
  readonly stockCode: string;
  /** May be empty. */
  readonly description: string;
  /** Pieces; negative on cancellations and on corrections of stock. */
  readonly quantity: number;
  /** Price of one piece in pence. */
  readonly price: number;
}

/** An invoice as the retailer wrote it, with all its mistakes. */
export interface Invoice {
  readonly invoiceNo: string;
  readonly customerId?: string;
  readonly lines: readonly InvoiceLine[];
}

/** The data set marks a cancellation with a `C` before its number. */
export const isCancellation = (invoice: Invoice): boolean => /^c/i.test(invoice.invoiceNo);

/** The data mixes the case of one product's code (`85123A`, `85123a`); the platform's SKUs are case-sensitive. */
export const skuOf = (line: InvoiceLine): string => line.stockCode.trim().toUpperCase().normalize('NFC');

/** Stock codes of charges and corrections; every other code is a product. */
const CHARGES: ReadonlySet<string> = new Set([
  'AMAZONFEE',
  'B',
  'BANK CHARGES',
  'C2',
  'CRUK',
  'D',
  'DOT',
  'M',
  'POST',
  'S',
]);

/** Why a row is dropped while the rest of its invoice is ordered. */
export const LINE_REFUSALS = {
  'not-goods': 'a charge, not goods (POST, DOT, M, D, C2, BANK CHARGES, ...)',
  'invalid-stock-code': 'the stock code is no SKU of the platform',
  'quantity-not-positive': 'the quantity is zero or negative outside a cancellation',
  'quantity-too-large': 'more than 100,000 pieces',
  'price-not-positive': 'the row has no price: a correction of the books, or a gift',
  'price-too-large': 'a piece costs more than the platform takes',
} as const;
export type LineRefusal = keyof typeof LINE_REFUSALS;

// The limits of the platform's contracts (shared/contracts/src/values.ts).
const MAX_QUANTITY = 100_000;
const MAX_PRICE = 1_000_000_000_000_000;

/** Whether a row names a charge such as postage instead of goods. */
export const isCharge = (line: InvoiceLine): boolean => CHARGES.has(skuOf(line));

/** The reason why a row of a purchase cannot be ordered, or undefined when it can. */
export const refusalOf = (line: InvoiceLine): LineRefusal | undefined => {
  if (isCharge(line)) return 'not-goods';
  if (parse(Sku, skuOf(line)).outcome === 'invalid') return 'invalid-stock-code';
  if (line.quantity <= 0) return 'quantity-not-positive';
  if (line.quantity > MAX_QUANTITY) return 'quantity-too-large';
  if (line.price <= 0) return 'price-not-positive';
  if (line.price > MAX_PRICE) return 'price-too-large';
  return undefined;
};
