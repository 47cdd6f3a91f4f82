import { ProductName, parse } from '@orderly/contracts';
import {
  type Invoice,
  type InvoiceLine,
  isCancellation,
  isCharge,
  type LineRefusal,
  refusalOf,
  skuOf,
} from './invoices.ts';
import { count, type Tally } from './tally.ts';

/** The order that is placed for one invoice. */
export interface OrderPlan {
  readonly invoiceNo: string;
  readonly customer: { readonly id: string; readonly email: string };
  /** Rows as invoiced: a SKU may be repeated, the API merges. */
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A product to register; its price is the first one the invoices name. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Pence. */
  readonly price: number;
}

/** What to send, in the order of the invoices. */
export type Step =
  | { readonly kind: 'place'; readonly order: OrderPlan }
  | { readonly kind: 'cancel'; readonly invoiceNo: string; readonly order: OrderPlan };

/** Counts of everything in the invoices and what is made of it. */
export interface WorkloadTally {
  invoices: number;
  rows: number;
  purchases: number;
  cancellationInvoices: number;
  /** Orders of invoices without a customer, placed for a guest. */
  guestOrders: number;
  /** Rows that are not in their invoice's order, by reason. */
  readonly droppedRows: Tally;
  /** Invoices that the demo could not turn into an order, by reason. */
  readonly refusedInvoices: Tally;
  readonly cancellationRows: { matched: number; readonly unmatched: Tally };
}

export interface Workload {
  readonly steps: readonly Step[];
  readonly orders: readonly OrderPlan[];
  /** Invoice numbers of the orders that a cancellation invoice cancels. */
  readonly cancelled: ReadonlySet<string>;
  readonly catalogue: readonly Product[];
  readonly tally: WorkloadTally;
}

/** Turns invoices into orders, cancellations and counted refusals. Pure; keeps the order of the invoices. */
export const planWorkload = (invoices: readonly Invoice[]): Workload => {
  const plan = new Planning();
  for (const invoice of invoices) {
    if (isCancellation(invoice)) plan.cancellation(invoice);
    else plan.purchase(invoice);
  }
  return plan.workload();
};

class Planning {
  private readonly steps: Step[] = [];
  private readonly orders: OrderPlan[] = [];
  private readonly cancelled = new Set<string>();
  private readonly products = new Map<string, { sku: string; name: string; price: number }>();
  /** The latest order of a customer with a SKU: the one that a row of a cancellation cancels. */
  private readonly latest = new Map<string, OrderPlan>();
  private readonly tally: WorkloadTally = {
    invoices: 0,
    rows: 0,
    purchases: 0,
    cancellationInvoices: 0,
    guestOrders: 0,
    droppedRows: {},
    refusedInvoices: {},
    cancellationRows: { matched: 0, unmatched: {} },
  };

  purchase(invoice: Invoice): void {
    this.countInvoice(invoice);
    this.tally.purchases += 1;
    const goods = invoice.lines.filter((line) => this.isOrderable(line));
    if (goods.length === 0) count(this.tally.refusedInvoices, 'no-orderable-row');
    else this.addOrder(invoice, goods);
  }

  private addOrder(invoice: Invoice, goods: readonly InvoiceLine[]): void {
    for (const line of goods) this.addToCatalogue(line);
    const order = toOrder(invoice, goods);
    this.orders.push(order);
    this.steps.push({ kind: 'place', order });
    if (invoice.customerId === undefined) this.tally.guestOrders += 1;
    else for (const { sku } of order.lines) this.latest.set(keyOf(order.customer.id, sku), order);
  }

  cancellation(invoice: Invoice): void {
    this.countInvoice(invoice);
    this.tally.cancellationInvoices += 1;
    for (const line of invoice.lines) {
      const match = this.match(invoice, line);
      if (typeof match === 'string') {
        count(this.tally.cancellationRows.unmatched, match);
        continue;
      }
      this.tally.cancellationRows.matched += 1;
      if (this.cancelled.has(match.invoiceNo)) continue;
      this.cancelled.add(match.invoiceNo);
      this.steps.push({ kind: 'cancel', invoiceNo: invoice.invoiceNo, order: match });
    }
  }

  workload(): Workload {
    const { steps, orders, cancelled, tally } = this;
    return { steps, orders, cancelled, tally, catalogue: [...this.products.values()] };
  }

  private countInvoice(invoice: Invoice): void {
    this.tally.invoices += 1;
    this.tally.rows += invoice.lines.length;
  }

  private isOrderable(line: InvoiceLine): boolean {
    const refusal: LineRefusal | undefined = refusalOf(line);
    if (refusal) count(this.tally.droppedRows, refusal);
    return refusal === undefined;
  }

  /** The order that a row of a cancellation belongs to, or the reason why there is none (tools/demo/README.md). */
  private match(invoice: Invoice, line: InvoiceLine): OrderPlan | string {
    if (isCharge(line)) return 'not-goods';
    if (line.quantity >= 0) return 'quantity-not-negative';
    if (invoice.customerId === undefined) return 'missing-customer';
    return this.latest.get(keyOf(invoice.customerId, skuOf(line))) ?? 'no-earlier-order';
  }

  private addToCatalogue(line: InvoiceLine): void {
    const sku = skuOf(line);
    const known = this.products.get(sku);
    const name = productName(line.description);
    if (!known) this.products.set(sku, { sku, name: name || sku, price: line.price });
    else if (known.name === sku && name) known.name = name;
  }
}

const keyOf = (customerId: string, sku: string): string => `${customerId} ${sku}`;

const toOrder = (invoice: Invoice, goods: readonly InvoiceLine[]): OrderPlan => {
  const id = invoice.customerId ?? `guest-${invoice.invoiceNo}`;
  return {
    invoiceNo: invoice.invoiceNo,
    customer: { id, email: `${id}@example.com` },
    lines: goods.map((line) => ({ sku: skuOf(line), quantity: line.quantity })),
  };
};

/** The name without characters that the API refuses (shared/contracts/src/values.ts); empty if nothing is left. */
const productName = (description: string): string => {
  const name = Array.from(description.replace(/[\p{Cc}\p{Cs}\p{Cf}]/gu, ' ').trim())
    .slice(0, 200)
    .join('')
    .slice(0, 200)
    .trim();
  return parse(ProductName, name).outcome === 'valid' ? name : '';
};
