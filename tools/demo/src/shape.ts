import { type Invoice, isCancellation, isCharge, refusalOf, skuOf } from './invoices.ts';
import { percentile } from './percentile.ts';

/** What a set of invoices looks like, in numbers. Shares are 0 to 1. */
export interface Shape {
  readonly invoices: number;
  readonly rows: number;
  readonly products: number;
  /** Cancellation invoices, as a share of all invoices. */
  readonly cancellations: number;
  /** Rows of a purchase, of those that have at least one row that can be ordered. */
  readonly rowsPerPurchase: { readonly median: number; readonly p90: number; readonly max: number };
  /** Purchases with more than 99 distinct products, so many that the platform reserves them in steps. */
  readonly over99Products: number;
  /** Purchases that name a product more than once. */
  readonly repeatedProducts: number;
  /** Share of the rows that the tenth of the products sold most often has. */
  readonly topTenthOfProducts: number;
  /** Rows with a lower-case letter in the stock code. */
  readonly lowerCaseRows: number;
  /** Rows of charges such as POST. */
  readonly chargeRows: number;
  readonly zeroPriceRows: number;
  /** Rows with a negative quantity outside cancellations. */
  readonly negativeRows: number;
  readonly emptyDescriptions: number;
  /** Invoices without a customer. */
  readonly missingCustomers: number;
}

/** Measures invoices; the same measure for real and generated ones. */
export const shapeOf = (invoices: readonly Invoice[]): Shape => {
  const purchases = invoices.filter((invoice) => !isCancellation(invoice));
  const orders = purchases.filter(({ lines }) => lines.some((line) => !refusalOf(line)));
  const rows = invoices.flatMap(({ lines }) => lines);
  const sizes = orders.map(({ lines }) => lines.length).sort((a, b) => a - b);
  const sold = countBySku(rows.filter((line) => !isCharge(line)).map(skuOf));
  const distinct = (invoice: Invoice): number => new Set(invoice.lines.map(skuOf)).size;
  const rowsWhere = (test: (line: (typeof rows)[number]) => boolean): number => rows.filter(test).length;
  return {
    invoices: invoices.length,
    rows: rows.length,
    products: sold.length,
    cancellations: 1 - purchases.length / invoices.length,
    rowsPerPurchase: { median: percentile(sizes, 50), p90: percentile(sizes, 90), max: sizes.at(-1) ?? 0 },
    over99Products: purchases.filter((invoice) => distinct(invoice) > 99).length,
    repeatedProducts: purchases.filter((invoice) => distinct(invoice) < invoice.lines.length).length,
    topTenthOfProducts: total(sold.slice(0, Math.floor(sold.length / 10))) / total(sold),
    lowerCaseRows: rowsWhere(({ stockCode }) => stockCode !== stockCode.toUpperCase()),
    chargeRows: rowsWhere(isCharge),
    zeroPriceRows: rowsWhere(({ price }) => price === 0),
    negativeRows: purchases.flatMap(({ lines }) => lines).filter(({ quantity }) => quantity < 0).length,
    emptyDescriptions: rowsWhere(({ description }) => description === ''),
    missingCustomers: invoices.filter(({ customerId }) => customerId === undefined).length,
  };
};

const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);

/** How many rows each product has, most first. */
const countBySku = (skus: readonly string[]): number[] => {
  const counts = new Map<string, number>();
  for (const sku of skus) counts.set(sku, (counts.get(sku) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
};
